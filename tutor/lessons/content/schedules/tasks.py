def remind(customer):
    return f'reminded {customer}'

def charge(amount):
    print(f'Charging {amount}')
    raise ValueError('card expired')

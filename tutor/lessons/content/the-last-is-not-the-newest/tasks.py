def invoice(name):
    return f'Invoice for {name}'

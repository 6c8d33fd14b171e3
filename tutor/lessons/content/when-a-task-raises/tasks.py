def charge(amount):
    if amount > 100:
        raise ValueError(f'declined: {amount}')
    return f'paid: {amount}'


def charge_quietly(amount):
    try:
        return charge(amount)
    except ValueError as error:
        return str(error)

SALES = {'April': 400, 'May': 420}


def report(month):
    return f'{month}: {SALES[month]} sold'


def ship(order):
    return f'{order} shipped'

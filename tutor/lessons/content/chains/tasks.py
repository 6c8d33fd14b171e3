LIMIT = 100


def reserve(order):
    return f"{order} reserved"


def charge(order, amount):
    if amount > LIMIT:
        raise ValueError(f"card declined for {amount}")
    return f"{order} paid"


def ship(order):
    print(f"Parcel {order} is on its way.")
    return f"{order} sent"

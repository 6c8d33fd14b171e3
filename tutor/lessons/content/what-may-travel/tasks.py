from shop.models import Order


def bill(order, returns):
    if isinstance(order, int):
        order = Order.objects.get(pk=order)
    print(f'bill: {order.price} to pay')
    order.billed = True
    order.save()
    results = {'price': order.price, 'order': order, 'generator': (part for part in [order])}
    return results[returns]

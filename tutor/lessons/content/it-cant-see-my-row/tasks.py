from shop.models import Order


def mail(pk):
    order = Order.objects.get(pk=pk)
    return f'mailed to {order.customer}'

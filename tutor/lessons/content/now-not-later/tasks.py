outbox = []


def confirm(order):
    if not order.customer:
        raise ValueError('nobody to write to')
    outbox.append(order.customer)
    order.confirmed = True
    order.save()
    return f'sent to {order.customer}'

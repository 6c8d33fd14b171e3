from django_q.tasks import async_task, result
from shop.models import Order

order = Order.objects.create(price=10)

# Have the order billed
given = {'order': order, 'key': order.pk, 'lambda': lambda: order}
task_id = async_task('shop.tasks.bill', given['order'], returns='price')

# The price was wrong: correct it, before the task starts
Order.objects.filter(pk=order.pk).update(price=12)

billed = result(task_id, wait=1500)
price = Order.objects.get(pk=order.pk).price

from django.db import transaction
from django_q.tasks import async_task, fetch, result
from shop.models import Order
from shop.tasks import confirm, outbox

customer = 'Ada'

# As the test does it
with transaction.atomic():
    order = Order.objects.create(customer=customer)
    tested = async_task(confirm, order, sync=True)
    in_test = result(tested), outbox[:], order.confirmed

# As the shop does it
outbox.clear()
with transaction.atomic():
    order = Order.objects.create(customer=customer)
    real = async_task(confirm, order, task_name='real')
    in_shop = result(real), outbox[:], order.confirmed

# Later, when the shop's task is done
confirmed = Order.objects.filter(confirmed=True).count()
later = fetch(real).success, outbox[:], order.confirmed

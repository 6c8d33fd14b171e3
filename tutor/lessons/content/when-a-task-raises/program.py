from django_q.models import Failure, Success
from django_q.tasks import async_task, result

page, payment = 'Please wait.', None
try:
    payment = async_task(
        'shop.tasks.charge', 250, sync=False,
        task_name='payment')
    answer = result(payment, wait=3000)
    if answer:
        page = 'Thank you!'
except ValueError:
    page = 'Your card was declined.'

# What the rows say of it
paid = Success.objects.filter(id=payment).exists()
failed = Failure.objects.filter(id=payment).exists()

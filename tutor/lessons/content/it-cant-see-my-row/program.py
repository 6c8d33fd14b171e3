from time import sleep

from django.db import transaction
from django_q.tasks import async_task
from shop.models import Order

on_commit, sold_out = False, False


def queue_mail():
    async_task('shop.tasks.mail', order.pk, task_name='mail')


# A view: save the order, have it mailed, do the rest
try:
    with transaction.atomic():
        order = Order.objects.create(customer='Ada')
        if on_commit:
            transaction.on_commit(queue_mail)
        else:
            queue_mail()
        sleep(0.8)
        if sold_out:
            raise ValueError('sold out')
except ValueError as error:
    print(error)
orders = Order.objects.count()

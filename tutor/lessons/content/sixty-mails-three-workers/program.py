from time import sleep

from django.db import transaction
from django_q.models import OrmQ
from django_q.tasks import async_task
from django_q.tasks import count_group, fetch_group

# A newsletter: one commit queues all its mails
mails = 60
with transaction.atomic():
    for n in range(1, mails + 1):
        async_task(
            'shop.tasks.send', n, 0.1,
            group='mails', task_name=f'mail {n}',
        )

# Twelve are out: how many rows does OrmQ have?
while count_group('mails') < 12:
    sleep(0.02)
left = OrmQ.objects.count()

# All are out: how long did the slowest take?
sent = fetch_group('mails', count=mails, wait=20000)
slowest = max(task.time_taken() for task in sent)
over_a_second = slowest > 1

from datetime import timedelta
from time import sleep
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from django_q.tasks import schedule

schedule('shop.tasks.remind', 'Ada', name='reminder',
         schedule_type='I', minutes=24 * 60,
         cron='0 6 * * *', repeats=-1)

# As if the cluster had been down since then
down = timedelta(days=1, hours=12)
Schedule.objects.update(next_run=timezone.now() - down)

# Now it is up again, and half a minute passes, three times
for half_minute in 1, 2, 3:
    past = Schedule.objects.filter(next_run__lt=timezone.now())
    overdue = past.exclude(repeats=0).count()
    while OrmQ.objects.exists():
        sleep(0.05)

remaining = list(Schedule.objects.values_list('schedule_type', 'repeats'))

from time import sleep

from django_q.tasks import async_task, fetch

# Two and a half seconds of work, and a timeout of one
report = async_task('shop.tasks.build', 2.5, task_name='report')

# Give it that long and a little more
task = fetch(report, wait=3000)

# And the cluster a moment to look at its workers
sleep(1.2)

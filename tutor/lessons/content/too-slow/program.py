from time import sleep

from django_q.tasks import async_task, fetch

# Queue a report; the number is its seconds of work
report = async_task('shop.tasks.build', 2.5, task_name='report')

# Look for its row, for three seconds at most
task = fetch(report, wait=3000)

# Give the cluster a moment to look at its workers
sleep(1.2)

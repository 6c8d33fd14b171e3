from django_q.tasks import async_task, fetch

# Queue a report; the number is its seconds of work
report = async_task('shop.tasks.export', 2.6, task_name='report')

# Look at its row as soon as there is one
task = fetch(report, wait=9000)

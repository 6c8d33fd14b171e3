from django_q.tasks import async_task, fetch

# A report that takes longer than the queue is patient
report = async_task('shop.tasks.export', 2.6, task_name='report')

# Look at its row when all is quiet again
task = fetch(report, wait=9000)

from django_q.tasks import async_task, result
here = async_task('shop.tasks.total', 1, task_name='here')
there = async_task('shop.tasks.total', 2, cluster='long', task_name='there')
one = result(here, wait=5000)
two = result(there, wait=5000)

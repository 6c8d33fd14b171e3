from django_q.tasks import async_task, result
good = async_task('shop.tasks.work', 3, task_name='good')
bad = async_task('shop.tasks.fail', task_name='bad')
early = result(good)
many = list(range(40))

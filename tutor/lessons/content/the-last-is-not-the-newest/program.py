from django_q.models import Task
from django_q.tasks import async_task, result

# Ada's invoice, and when that is made, Ben's
ada = async_task('shop.tasks.invoice', 'Ada',
                 task_name='ada')
result(ada, wait=2000)
ben = async_task('shop.tasks.invoice', 'Ben',
                 task_name='ben')
mine = result(ben, wait=2000)

# Which one is the last? And later, when both are made?
last = Task.objects.last().name
later = Task.objects.last().name
newest = Task.objects.order_by('-stopped')[0].name

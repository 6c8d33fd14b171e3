from django_q.models import Task
from django_q.tasks import async_task, fetch

task_id = async_task('shop.tasks.report', 1, hook='shop.hooks.mail', save=True)

# Later, mark the task as seen
by_save = True
if by_save:
    task = fetch(task_id)
    task.group = 'seen'
    task.save()
else:
    Task.objects.filter(id=task_id).update(group='seen')

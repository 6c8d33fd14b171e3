from django_q.tasks import async_task

# Start a task
async_task('math.copysign', 1, -1)

# Later check status and result
from django_q.models import Task
result = Task.objects.last().result
status = Task.objects.last().success

from django_q.tasks import async_task, result

task = async_task('counting.tasks.count', 6)
total = result(task, wait=8000)
print(total)

from django_q.tasks import async_task, result

task = async_task('mine.tasks.double', 21)

answer = result(task, wait=2000)

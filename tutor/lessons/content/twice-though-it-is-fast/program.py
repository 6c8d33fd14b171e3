from django_q.tasks import async_task, fetch

# Three mails, each of them quick, queued in one go
for name in ['Ada', 'Ben', 'Cleo'][:3]:
    last = async_task('shop.tasks.mail', name, 0.75, task_name=name)

# Look at the last one's row
task = fetch(last, wait=9000)

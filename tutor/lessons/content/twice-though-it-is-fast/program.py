from django_q.tasks import async_task, fetch

# Mails, each of them quick, queued one after the other
for name in ['Ada', 'Ben', 'Cleo', 'Dora'][:3]:
    last = async_task('shop.tasks.mail', name, 1.2, task_name=name)

# Look at the last one's row
task = fetch(last, wait=9000)

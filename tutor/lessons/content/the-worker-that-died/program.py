from django_q.tasks import async_task, fetch

# Send one receipt
receipt = async_task('shop.tasks.send', 'Ada', task_name='receipt')

# Wait for its outcome
task = fetch(receipt, wait=9000)

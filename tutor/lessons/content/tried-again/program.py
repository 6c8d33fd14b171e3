from django_q.tasks import async_task, fetch

# A payment with a card that has expired
payment = async_task('shop.tasks.charge', 40, task_name='payment')

# The first outcome is all that the program waits for
task = fetch(payment, wait=5000)

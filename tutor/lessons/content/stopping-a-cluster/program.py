from django_q.tasks import async_task

orders = 4
for number in range(1, orders + 1):
    async_task('shop.tasks.pack', number, 0.6,
               task_name=f'order {number}')

from django_q.tasks import async_task, fetch
from shop.models import Chair

# Two orders for a chair, at the same time
Chair.objects.create(sold=0)
ada = async_task('shop.tasks.sell', task_name='Ada')
ben = async_task('shop.tasks.sell', task_name='Ben')

# When both are done: how many are sold?
orders = [fetch(ada, wait=9000).success, fetch(ben, wait=9000).success]
sold = Chair.objects.get().sold

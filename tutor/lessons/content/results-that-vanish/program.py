from django_q.tasks import async_task, fetch

# Ask for a report, and look at it
report = async_task('shop.tasks.report', 'May', task_name='report',
                    save=True, cached=False)
first = fetch(report, wait=1000, cached=False)

# Meanwhile the shop goes on with its work
async_task('shop.tasks.ship', 1, task_name='order 1')
async_task('shop.tasks.ship', 2, task_name='order 2')

# Later, look at the report again
from_cache = fetch(report, cached=True)
again = fetch(report)

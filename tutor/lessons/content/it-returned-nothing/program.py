from time import monotonic
from django_q.tasks import async_task, fetch, result

# A letter goes out. Wait until the task is done
letter = async_task('shop.tasks.send', 'Ada',
                    task_name='letter')
began, wait = monotonic(), 800
answer = result(letter, wait=wait)
in_vain = (monotonic() - began) * 1000 >= wait
state = 'not sent' if answer is None else 'sent'

# fetch looks for the row, not for what is in it
task = fetch(letter)
sent = task is not None and task.success

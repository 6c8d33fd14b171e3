from django_q.tasks import async_task, fetch
from shop.models import Booking

# Book a seat; the worker dies as soon as it is booked
task_id = async_task('shop.tasks.book', 'order-7', task_name='booking')
task = fetch(task_id, wait=9000)

# How many seats are booked for this order?
bookings = Booking.objects.filter(order='order-7').count()

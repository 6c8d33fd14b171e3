from django_q.tasks import async_task, fetch

# A film that takes a while, and an icon that does not
film = async_task('shop.tasks.resize', 'film', 1.6, task_name='film')
icon = async_task('shop.tasks.resize', 'icon', 0.05, task_name='icon')

# What the icon's row says of the time that it took
row = fetch(icon, wait=9000)
over_a_second = row.time_taken() > 1

from django_q.tasks import async_chain, fetch_group

# An order goes through three tasks, one after the other
order = 7
chain = async_chain([
    ('shop.tasks.reserve', (order,), {'task_name': 'reserve', 'save': True}),
    ('shop.tasks.charge', (order, 250), {'task_name': 'charge'}),
    ('shop.tasks.ship', (order,), {'task_name': 'ship'}),
])

# Wait for three outcomes, at most 1.5 seconds, and take the successes
links = fetch_group(chain, failures=False, count=3, wait=1500) or []
results = [link.result for link in links]

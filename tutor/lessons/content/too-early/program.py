from django_q.tasks import async_task, fetch, result

# Queue a report, and ask for its text at once
report = async_task('shop.tasks.write', 2024, 0.6,
                    task_name='report')
early = result(report)

# Ask again, and wait for it
waited = result(report, wait=3000)
task = fetch(report)

from django_q.tasks import async_task, fetch

names = ["by_buffer", "by_fileno", "by_stream", "by_encoding"]
tasks = [async_task(f"shop.tasks.{name}", task_name=name) for name in names]
outcomes = [(fetch(each, wait=2000).name, fetch(each).success) for each in tasks]

from django_q.tasks import async_task, fetch

pool = async_task("shop.tasks.by_pool", 3)
threads = async_task("shop.tasks.by_threads", 3)
sub = async_task("shop.tasks.by_subprocess", "hello from a child")
said = [fetch(each, wait=2500).result for each in (pool, threads, sub)]

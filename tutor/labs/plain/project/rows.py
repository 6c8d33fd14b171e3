"""The rows that a project's database has now: `python rows.py` prints them as JSON."""

import json
import os


def rows():
    """Return the number of rows in the queue, and the tasks in the order in which they were queued."""
    from django_q.conf import Conf
    from django_q.models import OrmQ, Task

    tasks = [
        {
            "func": task.func,
            "args": repr(task.args),
            "kwargs": repr(task.kwargs),
            "success": task.success,
            "result": repr(task.result) if task.success else str(task.result),
            "attempt_count": task.attempt_count,
        }
        for task in Task.objects.order_by("started")
    ]
    return {"OrmQ": OrmQ.objects.using(Conf.ORM).count(), "Task": tasks}


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "plain_settings"
    import django

    django.setup()
    print(json.dumps(rows()))

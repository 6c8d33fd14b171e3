"""Print what a plain project's database has now, as JSON."""

import json
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "plain_settings"
import django

django.setup()
from django_q.conf import Conf
from django_q.models import OrmQ, Task

tasks = [
    [task.func, task.success, task.attempt_count, repr(task.result) if task.success else str(task.result)]
    for task in Task.objects.all()
]
print(json.dumps({"OrmQ": OrmQ.objects.using(Conf.ORM).count(), "Task": tasks}))

"""The app's configuration: it connects the signals of django-q2 and of its models."""

from django.apps import AppConfig


class ConductorConfig(AppConfig):
    name = "conductor"

    def ready(self):
        from django.db.models.signals import post_save
        from django_q.models import OrmQ, Task
        from django_q.signals import post_execute_in_worker, post_spawn, pre_execute

        from . import receivers

        pre_execute.connect(receivers.task_started)
        post_execute_in_worker.connect(receivers.task_returned)
        post_spawn.connect(receivers.worker_spawned)
        post_save.connect(receivers.task_stored, sender=Task)
        post_save.connect(receivers.task_queued, sender=OrmQ)

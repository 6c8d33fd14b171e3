from django_q.models import Task


def report(failures):
    """Fail that many times, then succeed."""
    row = Task.objects.filter(func='shop.tasks.report').first()
    if (row.attempt_count if row else 0) < failures:
        raise TimeoutError('no figures yet')
    return 'the figures'

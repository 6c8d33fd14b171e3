from django.db import migrations, models
from django.db.models import F, Q


def name_quizzes(apps, schema_editor):
    """Name each quiz by its run or by the version of its lesson, and the question to the class by its id."""
    attempts, responses = (
        apps.get_model("quizzes", name).objects.using(schema_editor.connection.alias) for name in ("Attempt", "Response")
    )
    for attempt in attempts.select_related("run").iterator():
        name = f"run/{attempt.run.public_id}" if attempt.run else f"version/{attempt.version}"
        attempts.filter(pk=attempt.pk).update(quiz=name)
    responses.filter(question="0").update(question="class")
    responses.filter(option__isnull=False).update(answer=F("option"))


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0001_attempts")]

    operations = [
        migrations.AddField("attempt", "quiz", models.CharField(max_length=80, default=""), preserve_default=False),
        migrations.AddField("response", "answer", models.CharField(blank=True, default="", max_length=200), preserve_default=False),
        migrations.AddField("response", "is_sure", models.BooleanField(null=True)),
        migrations.AlterField("response", "question", models.CharField(max_length=80)),
        migrations.RunPython(name_quizzes, migrations.RunPython.noop),
        migrations.RemoveConstraint("attempt", "attempt_at_run"),
        migrations.RemoveConstraint("attempt", "attempt_at_version"),
        migrations.RemoveField("attempt", "version"),
        migrations.RemoveField("response", "option"),
        migrations.AddConstraint(
            "attempt", models.UniqueConstraint(fields=("browser", "quiz"), name="attempt_of_browser")
        ),
    ]

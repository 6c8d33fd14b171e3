"""Drop the index of the runs of events, as the unique one of run and number begins with the same column.

It took room and time for each event. PostgreSQL used it for short runs, and then had to sort their events. It is
dropped by its name, as SQLite would otherwise copy the whole table.
"""

import django.db.models.deletion
from django.db import migrations, models

INDEX = "runs_event_run_id_9278d2f7"


class Migration(migrations.Migration):

    dependencies = [
        ("runs", "0011_run_queue"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="event",
                    name="run",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="runs.run",
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX IF EXISTS {INDEX}",
                    f"CREATE INDEX {INDEX} ON runs_event (run_id)",
                ),
            ],
        ),
    ]

"""Keep the JSON of runs and events as its text. For SQLite it has always been that."""

from django.db import migrations

import tutor.json_text

COLUMNS = {"runs_run": ("knobs", "interventions"), "runs_event": ("payload",)}


def change_type(schema_editor, kind):
    if schema_editor.connection.vendor == "postgresql":
        for table, columns in COLUMNS.items():
            changes = ", ".join(f"ALTER COLUMN {each} TYPE {kind} USING {each}::{kind}" for each in columns)
            schema_editor.execute(f"ALTER TABLE {table} {changes}")


class Migration(migrations.Migration):

    dependencies = [
        ("runs", "0012_drop_event_run_index"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("event", "payload", tutor.json_text.JSONTextField(default=dict)),
                migrations.AlterField("run", "knobs", tutor.json_text.JSONTextField(default=dict)),
                migrations.AlterField("run", "interventions", tutor.json_text.JSONTextField(default=list)),
            ],
            database_operations=[
                migrations.RunPython(
                    lambda apps, schema_editor: change_type(schema_editor, "json"),
                    lambda apps, schema_editor: change_type(schema_editor, "jsonb"),
                ),
            ],
        ),
    ]

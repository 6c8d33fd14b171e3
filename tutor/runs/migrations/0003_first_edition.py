"""Store the lessons of the first edition, and link its runs to them."""

import json
import zlib
from pathlib import Path

from django.db import migrations
from django.db.models import OuterRef, Subquery
from django.db.models.fields.json import KT

DOCUMENTS = Path(__file__).with_name("first_edition")
SCHEMA = 1


def store_versions(apps, schema_editor):
    """Store each document as it is, under the hash that runs recorded. It is upgraded whenever it is read."""
    versions = apps.get_model("runs", "LessonVersion").objects.using(schema_editor.connection.alias)
    for path in sorted(DOCUMENTS.glob("*.json")):
        document = path.read_bytes()
        slug = json.loads(document)["slug"]
        versions.create(hash=path.stem, slug=slug, schema=SCHEMA, document=zlib.compress(document))


def link_runs(apps, schema_editor):
    """Link each run to the version that its first event names, if that one is stored."""
    own = schema_editor.connection.alias
    runs, events, versions = (
        apps.get_model("runs", name).objects.using(own) for name in ("Run", "Event", "LessonVersion")
    )
    asked = events.filter(run=OuterRef("pk"), number=1, kind="asked")
    edition = Subquery(asked.values_list(KT("payload__edition")))
    linked = runs.annotate(edition=edition).filter(edition__in=versions.values("pk"))
    linked.update(version=edition)


class Migration(migrations.Migration):

    dependencies = [
        ("runs", "0002_lesson_versions"),
    ]

    operations = [
        migrations.RunPython(store_versions, migrations.RunPython.noop),
        migrations.RunPython(link_runs, migrations.RunPython.noop),
    ]

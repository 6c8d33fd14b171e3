from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('runs', '0005_reference_runs'),
    ]

    operations = [
        migrations.AddField(
            model_name='run',
            name='closed_until',
            field=models.DateTimeField(null=True),
        ),
    ]

from django.db import models


class Chair(models.Model):
    sold = models.IntegerField()

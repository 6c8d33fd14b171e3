from django.db import models


class Booking(models.Model):
    order = models.CharField(max_length=40)
    key = models.CharField(max_length=40, unique=True, null=True)

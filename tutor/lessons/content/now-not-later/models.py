from django.db import models


class Order(models.Model):
    customer = models.CharField(max_length=50, blank=True)
    confirmed = models.BooleanField(default=False)

from django.db import models


class Order(models.Model):
    price = models.IntegerField()
    billed = models.BooleanField(default=False)

    def __str__(self):
        return f'order at {self.price}'

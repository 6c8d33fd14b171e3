from django.db.models import F

from shop.models import Chair


def sell():
    chair = Chair.objects.get()
    seen = chair.sold
    chair.sold = seen + 1
    chair.save()
    return chair.sold


def sell_in_the_database():
    Chair.objects.update(sold=F('sold') + 1)
    return 'sold'

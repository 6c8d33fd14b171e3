from time import sleep

from shop.models import Booking


def book(order):
    booking, new = Booking.objects.get_or_create(key=order, defaults={'order': order})
    print('Seat booked' if new else 'Seat was booked already')
    return confirm(order)


def book_blindly(order):
    Booking.objects.create(order=order)
    print('Seat booked')
    return confirm(order)


def book_strictly(order):
    Booking.objects.create(key=order, order=order)
    print('Seat booked')
    return confirm(order)


def confirm(order):
    sleep(0.2)
    return f'{order} confirmed'

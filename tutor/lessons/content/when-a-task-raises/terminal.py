import os

TERMINAL = os.environ['CARD_TERMINAL']


def charge(amount):
    return f'{TERMINAL}: {amount}'

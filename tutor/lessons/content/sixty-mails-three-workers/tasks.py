from time import sleep


def send(n, seconds):
    sleep(seconds)
    return f'mail {n} sent'

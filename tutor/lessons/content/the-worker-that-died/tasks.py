from time import sleep


def send(name):
    print(f'Mail to {name}')
    sleep(0.2)
    return 'sent'

from time import sleep


def mail(name, seconds):
    sleep(seconds)
    print(f'Mail to {name}')
    return f'sent to {name}'

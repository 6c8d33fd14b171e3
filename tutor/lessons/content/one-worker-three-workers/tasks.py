from time import sleep


def resize(name, seconds):
    sleep(seconds)
    return f'{name}.webp'

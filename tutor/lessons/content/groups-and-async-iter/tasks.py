from time import sleep


def shrink(name, seconds):
    if name == 'broken':
        raise ValueError('this is no picture')
    sleep(seconds)
    return name

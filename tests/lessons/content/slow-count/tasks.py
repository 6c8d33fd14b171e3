import time


def count(to):
    for number in range(1, to + 1):
        time.sleep(0.5)
        print(number)
    return to

from time import sleep


def pack(number, seconds):
    print(f'order {number}: box opened')
    sleep(0.3)
    print(f'order {number}: half full')
    sleep(seconds)
    print(f'order {number}: box closed')
    return f'order {number} packed'

def work(n):
    print('working')
    return list(range(n))


def fail():
    raise ValueError('no')

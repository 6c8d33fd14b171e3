from time import monotonic, sleep


def build(seconds):
    sleep(seconds)
    return 'report'


def careful(seconds):
    try:
        sleep(seconds)
    except Exception:
        print('An error: go on')
    return 'report'


def stubborn(seconds):
    try:
        sleep(seconds)
    except:
        print('Whatever it was: go on')
    return 'half a report'


def deaf(seconds):
    until = monotonic() + 3 * seconds
    while monotonic() < until:
        try:
            sleep(seconds)
        except:
            print('Whatever it was: sleep on')
    return 'late'

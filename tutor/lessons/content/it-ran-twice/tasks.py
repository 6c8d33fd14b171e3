from time import sleep


def export(seconds):
    print('Export begins')
    sleep(seconds)
    print('Export ends')
    return 'report.csv'

from time import sleep


def mail(task):
    print('mail: it is ready' if task.success else 'mail: it failed')


def slow(task):
    sleep(3)
    mail(task)


def broken(task):
    print('calling the mail server')
    raise ConnectionError('no answer')

def send(name):
    print(f'Dear {name}, your parcel has left.')


def send_and_count(name):
    send(name)
    return 0  # letters that came back


def send_and_tell(name):
    send(name)
    return f'sent to {name}'

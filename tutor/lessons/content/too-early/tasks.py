from time import sleep


def write(year, seconds):
    sleep(seconds)
    return f'Report for {year}'

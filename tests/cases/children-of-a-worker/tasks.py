import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pool


def square(n):
    print("squared", n)
    return n * n


def by_pool(n):
    with Pool(2) as pool:
        return pool.map(square, range(n))


def by_threads(n):
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(square, range(n)))


def by_subprocess(text):
    os.system("echo from the shell")
    subprocess.run([sys.executable, "-c", f"print({text!r})"], check=True)
    return "ran"

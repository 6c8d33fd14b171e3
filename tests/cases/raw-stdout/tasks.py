import subprocess
import sys


def by_buffer():
    sys.stdout.buffer.write(b"raw bytes\n")
    return "ok"


def by_fileno():
    return sys.stdout.fileno() >= 0


def by_stream():
    return subprocess.run(["echo", "hi"], stdout=sys.stdout, check=True).returncode


def by_encoding():
    return len("x".encode(sys.stdout.encoding))

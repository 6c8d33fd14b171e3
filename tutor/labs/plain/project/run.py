"""Run the lesson's program in a plain project, as somebody would: in a process of its own, once the cluster is up."""

import os
import runpy
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "plain_settings"
import django

django.setup()
import conductor
from django.db import connections

PATIENCE_S = 30.0

until = time.monotonic() + PATIENCE_S
while not any(event["kind"] == "spawned" for event in conductor.events()) and time.monotonic() < until:
    time.sleep(0.01)
sys.argv = ["program.py"]
if conductor.INPUTS["lines"]:
    sys.settrace(conductor.trace("caller"))
try:
    runpy.run_path(str(conductor.HERE / "program.py"), run_name="__main__")
finally:
    sys.settrace(None)
    connections.close_all()
    conductor.note("program_ended", "caller")

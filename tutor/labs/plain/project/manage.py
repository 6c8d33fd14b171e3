"""A plain project's manage.py."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ["DJANGO_SETTINGS_MODULE"] = "plain_settings"
execute_from_command_line(sys.argv)

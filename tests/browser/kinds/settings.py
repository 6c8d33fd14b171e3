"""The site's settings, with an app that has other questions."""

from tutor.settings import *  # noqa: F403
from tutor.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.browser.kinds.apps.Kinds"]

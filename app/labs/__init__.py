"""The labs, in the order of the navigation: every package here whose `__init__` declares one."""

import sys

from app.discovery import records_in
from app.labs.base import Lab

LABS: tuple[Lab, ...] = tuple(sorted(records_in(sys.modules[__name__], Lab), key=lambda lab: lab.place))

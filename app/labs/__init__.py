"""The labs, in the order of the navigation."""

from app.labs.common import Lab
from app.labs.descent import DESCENT

LABS: tuple[Lab, ...] = (DESCENT,)

"""The labs, in the order of the navigation."""

from app.labs.averages import AVERAGES_LAB
from app.labs.base import Lab
from app.labs.batches import BATCHES
from app.labs.critical import CRITICAL
from app.labs.descent import DESCENT
from app.labs.scaling import SCALING
from app.labs.search import SEARCH

LABS: tuple[Lab, ...] = (DESCENT, SCALING, AVERAGES_LAB, BATCHES, CRITICAL, SEARCH)

"""The kinds of keys that a query has; each parses, prints, declares itself to the page and describes itself to OpenAPI.

To add a kind, write one class with these four methods (`base.Kind`), and its half in static/js/grammar.js.
"""

from app.schema.kinds.base import Kind
from app.schema.kinds.component import Component, Entry, Picked, open_parameters, pick
from app.schema.kinds.lists import Address, Names, Numbers, Points
from app.schema.kinds.rows import OwnRows
from app.schema.kinds.scalars import Choice, Flag, Fork, Moment, Number, Parameter, Value, default_of, options_of

__all__ = [
    "Address",
    "Choice",
    "Component",
    "Entry",
    "Flag",
    "Fork",
    "Kind",
    "Moment",
    "Names",
    "Number",
    "Numbers",
    "OwnRows",
    "Parameter",
    "Picked",
    "Points",
    "Value",
    "default_of",
    "open_parameters",
    "options_of",
    "pick",
]

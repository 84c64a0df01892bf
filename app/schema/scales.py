"""Scales of sliders and maps."""

from typing import Literal

Scale = Literal["linear", "log", "one_minus_log"]

"""Slips that happen to any number."""

import numpy as np

from core.solutions.calculation.functions import Numbers
from core.solutions.calculation.interval import Interval
from core.solutions.calculation.quantity import Formula, Values
from core.solutions.checking.mistakes.mistake import Mistake, mistake, times


def _exchanged(f: Formula, v: Values) -> Numbers:
    """The last axis backwards: of two numbers, each where the other belongs."""
    right = f(v)
    return right[..., ::-1] if np.shape(right) else right


def _cut_off(f: Formula, v: Values) -> Numbers:
    right = f(v)
    return right.cut_off() if isinstance(right, Interval) else right


SIGN_LOST = mistake("sign_lost", "The sign is turned.", "", times(-1))
CUT_OFF = mistake("cut_off", "The digits were cut off instead of rounded.", "", _cut_off)

ANYWHERE: tuple[Mistake, ...] = (
    CUT_OFF,
    SIGN_LOST,
    mistake("numbers_exchanged", "Numbers stand in each other's place.", "", _exchanged),
    mistake("point_too_far_right", "The point is one place too far right.", "", times(10)),
    mistake(
        "point_too_far_left", "The point is one place too far left.", "", lambda f, v: f(v) / 10
    ),
    mistake("doubled", "There is a factor 2 too much.", "", times(2)),
    mistake("halved", "There is a factor ½ too much.", "", lambda f, v: f(v) / 2),
)

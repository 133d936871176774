"""Gates on a formula, as close as its shape needs: where cubic pieces through them are f itself."""

import numpy as np
from jaxtyping import Float64

from core.approximation.formula.analysis.known_digits import rounding_of
from core.approximation.polyline.hermite_curve import hermite_coefficients
from core.approximation.polyline.target import FormulaTarget, Values
from core.arrays import Array
from core.errors import Jump, OutOfDomain, Place

FIRST_GATES = 257
# On every gap f leaves its chord by at most this share of the tolerance, which makes about a dozen
# gates for every link, and its cubic by at most that.
CHORD_SHARE, CUBIC_SHARE = 1.0 / 24.0, 1e-7
MAX_GATES = 2**20


def place_gates(
    target: FormulaTarget,
    tolerance: float,
    most: int = MAX_GATES,
    place: Place = ("tolerance",),
) -> Float64[Array, "gates"]:
    """Place gates, halving every gap until f is as simple on it as the tolerance needs.

    Raises `NotFinite`, `Jump`, and `OutOfDomain` where f is 0 but has to be met relatively, and
    where the tolerance asks for more than `most`.
    """
    x = np.linspace(*target.interval, FIRST_GATES)
    values = target.values(x)
    is_open = np.ones(len(x) - 1, dtype=bool)
    while is_open.any():
        gaps = np.flatnonzero(is_open)
        middle = 0.5 * x[gaps] + 0.5 * x[gaps + 1]
        there = target.values(middle)
        bent = _is_bent(x, values, gaps, there, tolerance)
        divisible = (middle > x[gaps]) & (middle < x[gaps + 1])
        _refuse_jumps(target, x, values, gaps[bent & ~divisible], tolerance)
        bent &= divisible
        at = gaps[bent] + 1
        x = np.insert(x, at, middle[bent])
        values = Values(*(np.insert(u, at, v[bent]) for u, v in zip(values, there, strict=True)))
        if len(x) > most:
            raise OutOfDomain(
                f"f bends so often that {most} points do not show it within {tolerance}", place
            )
        is_open[gaps] = bent
        is_open = np.repeat(is_open, 1 + is_open)
    return x


def _is_bent(x: Array, values: Values, gaps: Array, middle: Values, tolerance: float) -> Array:
    """Mark the gaps on which f leaves its chord or its cubic, judged by the middle."""
    room = tolerance * middle.weights
    rounding = rounding_of(0.5 * (x[gaps] + x[gaps + 1]), middle.y, middle.slopes)
    chord = 0.5 * (values.y[gaps] + values.y[gaps + 1])
    c0, c1, c2, c3 = hermite_coefficients(x, values.y, values.slopes)[:, gaps]
    cubic = c0 + c1 / 2.0 + c2 / 4.0 + c3 / 8.0
    return np.asarray(
        (np.abs(middle.y - chord) > CHORD_SHARE * room + rounding)
        | (np.abs(middle.y - cubic) > CUBIC_SHARE * room + rounding)
    )


def _refuse_jumps(
    target: FormulaTarget, x: Array, values: Values, gaps: Array, tolerance: float
) -> None:
    """Refuse neighbouring floats between which f rises by more than the tunnel is high."""
    low, high = target.allowed_deviation(tolerance)
    rise = np.abs(values.y[gaps + 1] - values.y[gaps])
    jumps = rise > (high - low) * values.weights[gaps]
    if jumps.any():
        i = int(np.argmax(jumps))
        raise Jump(
            f"f jumps by {rise[i]:.6g} at x = {x[gaps[i] + 1]}: "
            f"no network stays within a tolerance of {tolerance}",
            ("function",),
        )

"""The functions of one argument in ball arithmetic: g(u), g′(u) and g″(u)/2 for a ball u.

Where the ball holds a kink or a jump, the coefficients beyond it are not finite, never wrong.
"""

from collections.abc import Callable

from flint import arb

from core.approximation.ball_arithmetic.jets import (
    MINUS_ONE_TO_ONE,
    UNKNOWN,
    ZERO,
    Coefficients,
    contains_zero,
)
from core.approximation.formula.symbols import EXP_MINUS_INVERSE, U_LOG_U

# Balls with a larger radius are too wide for Arb's own tanh.
WIDE = 0.1


def _sqrt(u: arb) -> Coefficients:
    root = u.sqrt()
    slope = 0.5 / root
    return root, slope, -0.25 * slope / u


def _cbrt(u: arb) -> Coefficients:
    if contains_zero(u):
        # Arb has no root of a ball that touches 0, but the cube root increases.
        ends = (u.lower(), u.upper())
        low, high = (end.sgn() * abs(end).root(3) if end != 0 else ZERO for end in ends)
        return low.union(high), UNKNOWN, UNKNOWN
    root = u.root(3) if u > 0 else -(-u).root(3)
    slope = root / (3 * u)
    return root, slope, -slope / (3 * u)


def _exp(u: arb) -> Coefficients:
    power = u.exp()
    return power, power, power / 2


def _log(u: arb) -> Coefficients:
    return u.log(), 1 / u, -0.5 / (u * u)


def _log_to(base: int) -> Callable[[arb], Coefficients]:
    def coefficients(u: arb) -> Coefficients:
        value, slope, bend = _log(u)
        unit = arb(base).log()
        return value / unit, slope / unit, bend / unit

    return coefficients


def _log1p(u: arb) -> Coefficients:
    return u.log1p(), *_log(1 + u)[1:]


def _tan(u: arb) -> Coefficients:
    value = u.tan()
    slope = 1 + value * value
    return value, slope, value * slope


def _tanh(u: arb) -> Coefficients:
    if u.rad() > WIDE:
        # Arb's own enclosure is far too large here, but tanh increases.
        value = u.lower().tanh().union(u.upper().tanh())
        slope = 1 - value * value
    else:
        value = u.tanh()
        slope = 1 / u.cosh() ** 2
    return value, slope, -value * slope


def _asin(u: arb) -> Coefficients:
    slope = 1 / ((1 - u) * (1 + u)).sqrt()
    return u.asin(), slope, u * slope**3 / 2


def _acos(u: arb) -> Coefficients:
    _, slope, bend = _asin(u)
    return u.acos(), -slope, -bend


def _atan(u: arb) -> Coefficients:
    slope = 1 / (1 + u * u)
    return u.atan(), slope, -u * slope * slope


def _asinh(u: arb) -> Coefficients:
    slope = 1 / (1 + u * u).sqrt()
    return u.asinh(), slope, -u * slope**3 / 2


def _acosh(u: arb) -> Coefficients:
    slope = 1 / ((u - 1) * (u + 1)).sqrt()
    return u.acosh(), slope, -u * slope**3 / 2


def _atanh(u: arb) -> Coefficients:
    slope = 1 / ((1 - u) * (1 + u))
    return u.atanh(), slope, u * slope * slope


def _erf(u: arb) -> Coefficients:
    slope = 2 / arb.pi().sqrt() * (-u * u).exp()
    return u.erf(), slope, -u * slope


def _abs(u: arb) -> Coefficients:
    if contains_zero(u):
        return abs(u).nonnegative_part(), MINUS_ONE_TO_ONE, UNKNOWN
    return abs(u), u.sgn(), ZERO


def _sign(u: arb) -> Coefficients:
    return (MINUS_ONE_TO_ONE, UNKNOWN, UNKNOWN) if contains_zero(u) else (u.sgn(), ZERO, ZERO)


def _floor(u: arb) -> Coefficients:
    low, high = u.lower().floor(), u.upper().floor()
    if low == high:
        return low, ZERO, ZERO
    return low.union(high), UNKNOWN, UNKNOWN


def _ceil(u: arb) -> Coefficients:
    value, slope, bend = _floor(-u)
    return -value, slope, bend


def _u_log_u(u: arb) -> Coefficients:
    """For u ≥ 0: it falls from 0 to -1/e at 1/e, and rises from there."""
    low, high = u.lower(), u.upper()
    value = _u_log_u_at(low).union(_u_log_u_at(high))
    if low < TURN and high > TURN:
        value = value.union(-TURN)
    return (value, 1 + u.log(), 0.5 / u) if u > 0 else (value, UNKNOWN, UNKNOWN)


def _u_log_u_at(u: arb) -> arb:
    return u * u.log() if u > 0 else ZERO


def _exp_minus_inverse(u: arb) -> Coefficients:
    """For u ≥ 0, with g = exp(-1/u) and g′ = g/u² that rise up to u = 1/2, and g″ up to 1/8."""
    low, high = u.lower(), u.upper()
    value = _flat(low, 0).union(_flat(high, 0))
    slope = _flat(low, 2).union(_flat(high, 2)) if high <= 0.5 else UNKNOWN
    bend = _bend(low).union(_bend(high)) if high <= 0.125 else UNKNOWN
    if u > 0:
        slope = slope if high <= 0.5 else value / u**2
        bend = bend if high <= 0.125 else value / u**4 * (0.5 - u)
    return value, slope, bend


def _flat(u: arb, power: int) -> arb:
    """exp(-1/u) u^-power, 0 at 0."""
    return (-1 / u).exp() / u**power if u > 0 else ZERO


def _bend(u: arb) -> arb:
    return _flat(u, 4) * (0.5 - u)


TURN = (arb(-1)).exp()
"""Where u log u is least."""

ELEMENTARY_FUNCTIONS: dict[str, Callable[[arb], Coefficients]] = {
    "negate": lambda u: (-u, arb(-1), ZERO),
    "abs": _abs,
    "sign": _sign,
    "floor": _floor,
    "ceil": _ceil,
    "sqrt": _sqrt,
    "cbrt": _cbrt,
    "exp": _exp,
    "expm1": lambda u: (u.expm1(), *_exp(u)[1:]),
    "log": _log,
    "log1p": _log1p,
    "log2": _log_to(2),
    "log10": _log_to(10),
    "sin": lambda u: (u.sin(), u.cos(), -u.sin() / 2),
    "cos": lambda u: (u.cos(), -u.sin(), -u.cos() / 2),
    "tan": _tan,
    "asin": _asin,
    "acos": _acos,
    "atan": _atan,
    "sinh": lambda u: (u.sinh(), u.cosh(), u.sinh() / 2),
    "cosh": lambda u: (u.cosh(), u.sinh(), u.cosh() / 2),
    "tanh": _tanh,
    "asinh": _asinh,
    "acosh": _acosh,
    "atanh": _atanh,
    "erf": _erf,
    U_LOG_U: _u_log_u,
    EXP_MINUS_INVERSE: _exp_minus_inverse,
}

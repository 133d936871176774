"""Mistakes in Task 7 (docs/exercise-sheet.md): spacing, points, knots, and the substitution."""

from core.solutions.calculation.functions import Numbers, stacked
from core.solutions.calculation.quantity import Formula, Values
from core.solutions.checking.mistakes.mistake import Mistake, mistake


def _gaps_as_points(f: Formula, v: Values) -> Numbers:
    length = v["interval"][1] - v["interval"][0]
    # h = length / (n - 1), so n follows from the formula's own inputs.
    return length * f(v) / (length + f(v))


def _one_further(f: Formula, v: Values) -> Numbers:
    return f(v) + v["spacing"]


def _earlier(v: Values) -> list[str]:
    return [role for role in v if role.startswith("lambda_")]


def _without_earlier(f: Formula, v: Values) -> Numbers:
    return f({**v, **{role: v[role] * 0 for role in _earlier(v)}})


def _earlier_added(f: Formula, v: Values) -> Numbers:
    return f({**v, **{role: -v[role] for role in _earlier(v)}})


def _only_the_last(f: Formula, v: Values) -> Numbers:
    return f({**v, **{role: v[role] * 0 for role in _earlier(v)[:-1]}})


def _slope(f: Formula, v: Values) -> Numbers:
    row = len(_earlier(v))
    values = v["values"]
    rise = values[row] - values[row - 1] if row else values[0]
    return rise / _last_coefficient(v, row)


def _not_divided(f: Formula, v: Values) -> Numbers:
    return f(v) * _last_coefficient(v, len(_earlier(v)))


def _counted_from_zero(f: Formula, v: Values) -> Numbers:
    """(i - j) h instead of (i - j + 1) h for the earlier unknowns."""
    row = len(_earlier(v))
    rest = v["values"][row]
    for column, role in enumerate(_earlier(v)):
        rest = rest - v[role] * (v["spacing"] * (row - column))
    return rest / v["spacing"]


def _last_coefficient(v: Values, row: int) -> Numbers:
    return v["spacing"] if "spacing" in v else v["grid"][row] - v["knots"][row]


def _knots_on_points(f: Formula, v: Values) -> Numbers:
    return stacked([v["grid"][i] for i in range(v["grid"].shape[0])])


IN_THE_POINTS: tuple[Mistake, ...] = (
    mistake(
        "points_counted_as_gaps",
        "The interval was divided by n; n points have n - 1 gaps.",
        "spacing",
        _gaps_as_points,
    ),
    mistake(
        "grid_begins_one_further",
        "The points begin at a + h instead of at a.",
        "grid",
        _one_further,
    ),
    mistake(
        "knots_on_the_points",
        "The knots are the points themselves; the first knot lies one step before a.",
        "knots",
        _knots_on_points,
    ),
)

IN_THE_SUBSTITUTION: tuple[Mistake, ...] = (
    mistake(
        "earlier_lambdas_forgotten",
        "The terms of the earlier λ were not subtracted.",
        "lambdas",
        _without_earlier,
        needs="lambda_0",
    ),
    mistake(
        "earlier_lambdas_added",
        "The terms of the earlier λ were added instead of subtracted.",
        "lambdas",
        _earlier_added,
        needs="lambda_0",
    ),
    mistake(
        "only_the_last_lambda_subtracted",
        "Only the term of the λ before was subtracted.",
        "lambdas",
        _only_the_last,
        needs="lambda_1",
    ),
    mistake(
        "slope_instead_of_its_change",
        "The slope was taken; λ is the change of slope at its knot.",
        "lambdas",
        _slope,
        needs="lambda_0",
    ),
    mistake(
        "coefficients_counted_from_zero",
        "The coefficient of λ_j in row i is (i - j + 1) h, not (i - j) h.",
        "lambdas",
        _counted_from_zero,
        needs="lambda_0 spacing",
    ),
    mistake(
        "not_divided_by_the_coefficient",
        "The division by h, the coefficient of the unknown, is missing.",
        "lambdas",
        _not_divided,
    ),
)

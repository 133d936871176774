"""The report in a few sentences."""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from core.conventions import USUAL_FORM, WeightsForm
from core.solutions.checking.check import Report
from core.solutions.checking.quantity_names import number_name, quantity_name
from core.solutions.checking.verdict import JudgedNumber, Slip, Verdict
from core.solutions.rounding import as_decimals, typeset


def summary(report: Report, samples: int, hints: int, form: WeightsForm = USUAL_FORM) -> str:
    """How many numbers are right, and as much about the first wrong one as `hints` (0 to 2) allow.

    0 says where it is, 1 also what was done, 2 what it should be. `form` is that of the matrices.
    """
    first = report.first_wrong
    parts = [_counted(report), *_by_conventions(report)]
    if first is not None:
        name = number_name(first.place, first.index, samples, form)
        parts.append(f"The first wrong one is {name}{_should_be(first) if hints >= 2 else ''}.")
        parts += [_explained(first)] if hints >= 1 else []
    return " ".join(parts)


def _by_conventions(report: Report) -> list[str]:
    """By which other conventions the numbers are right."""
    if not report.conventions:
        return []
    sentences = [one.sentence for one in report.conventions]
    return [f"They are right by another convention: {' '.join(sentences)}"]


def _counted(report: Report) -> str:
    correct, coarse, follows, wrong, missing = map(report.count, Verdict)
    given = len(report.numbers) - missing
    if not given:
        return "No number was handed in."
    numbers = (
        f"{given} of {len(report.numbers)} numbers {'was' if given == 1 else 'were'} handed in"
    )
    counts = {
        "correct": correct,
        "right to fewer digits than asked": coarse,
        "right given an earlier slip": follows,
        "wrong": wrong,
    }
    return f"{numbers}: {', '.join(f'{count} {how}' for how, count in counts.items() if count)}."


def _should_be(number: JudgedNumber) -> str:
    value = "" if number.value is None else typeset(_shortest(number.value))
    if number.expected is None or float(number.expected) == number.value:
        return f": it is {value}"  # a matrix that is transposed may have right numbers
    return f": it is {value} and should be {typeset(number.expected)}"


def _explained(number: JudgedNumber) -> str:
    slips = number.slips
    if not slips:
        return "No mistake that is known here explains it."
    text = _sentences(slips, number)
    if len(slips) > 1:
        text = f"Two mistakes together explain it. {text}"
    return text if number.explanation.certain else f"It may be this: {text}"


def _sentences(slips: Sequence[Slip], number: JudgedNumber) -> str:
    return " ".join(_sentence(slip, number) for slip in slips)


def _sentence(slip: Slip, number: JudgedNumber) -> str:
    if slip.everywhere:
        return f"In every layer: {slip.sentence}"
    if slip.place == number.place:
        return slip.sentence
    return f"On the way there, at {quantity_name(slip.place)}: {slip.sentence}"


def _shortest(value: float) -> Decimal:
    shortest: Decimal = as_decimals(np.asarray(value)).item()
    return shortest

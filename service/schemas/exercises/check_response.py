"""POST /check: what is to be said of numbers computed by hand."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.solutions.checking.check import Report
from core.solutions.checking.convention_search import Convention
from core.solutions.checking.quantity_names import MATRICES
from core.solutions.checking.summary import summary
from core.solutions.checking.verdict import Explanation, JudgedNumber, Slip, Verdict
from service.http.problems import pointer
from service.schemas.exercises.check_request import CheckRequest
from service.schemas.exercises.student_answers import PER_SAMPLE


@dataclass(frozen=True)
class MistakeResponse:
    """A known mistake: its name, what was done, at which quantity, and whether in every layer."""

    name: str
    sentence: str
    pointer: str
    everywhere: bool

    @staticmethod
    def of(slip: Slip) -> "MistakeResponse":
        """Unpack a slip of the core."""
        return MistakeResponse(slip.mistake, slip.sentence, pointer(slip.place), slip.everywhere)


@dataclass(frozen=True)
class JudgedNumberResponse:
    """One number; what the hints hold back is null.

    `pointer` leads to it in the answer of /backprop. `expected` is what follows from the numbers
    before it, `allowed` the interval that rounding leaves; `digits` after the point is how many
    the number has. `mistakes` are made together, and not `certain` where an accident may explain
    them as well; `alternatives`, two at most, explain it too.
    """

    pointer: str
    verdict: Verdict
    value: float | None
    expected: float | None
    allowed: list[float | None] | None
    digits: int | None
    mistakes: list[MistakeResponse] | None
    certain: bool | None
    alternatives: list[list[MistakeResponse]] | None

    @staticmethod
    def of(number: JudgedNumber, question: CheckRequest) -> "JudgedNumberResponse":
        """Say as much as the hints allow."""
        everything, kind = question.hints >= 2, question.hints >= 1
        ends = [_short(end) if np.isfinite(end) else None for end in number.allowed]
        return JudgedNumberResponse(
            pointer=_pointer(number, question),
            verdict=number.verdict,
            value=number.value,
            expected=_finite(number) if everything else None,
            allowed=ends if everything else None,
            digits=number.digits,
            mistakes=_mistakes(number.explanation) if kind else None,
            certain=number.explanation.certain if kind and number.slips else None,
            alternatives=[_mistakes(one) for one in number.alternatives] if everything else None,
        )


def _mistakes(explanation: Explanation) -> list[MistakeResponse]:
    return [MistakeResponse.of(slip) for slip in explanation.slips]


def _short(end: float) -> float:
    """Without the last digits, which say how floats are rounded and not how people do."""
    return float(f"{end:.12g}")


def _finite(number: JudgedNumber) -> float | None:
    expected = None if number.expected is None else float(number.expected)
    return expected if expected is not None and np.isfinite(expected) else None


def _pointer(number: JudgedNumber, question: CheckRequest) -> str:
    index = number.index
    if number.place[-1] in MATRICES:
        index = (*index[:-2], *question.form.index(*index[-2:]))
    has_samples = number.place[-1] in PER_SAMPLE and question.is_single
    return pointer((*number.place, *(index[1:] if has_samples else index)))


@dataclass(frozen=True)
class ConventionResponse:
    """A convention by which the numbers are right, and how a request declares it."""

    name: str
    sentence: str
    declare: dict[str, Any]

    @staticmethod
    def of(convention: Convention) -> "ConventionResponse":
        """Unpack a convention of the core."""
        return ConventionResponse(convention.name, convention.sentence, dict(convention.declare))


@dataclass(frozen=True)
class CheckResponse:
    """In a few sentences, how many numbers have each verdict, the first wrong one, and all of them.

    Where all numbers are right by `conventions` other than the declared ones, they are judged by
    those. The sentences count layers and units from 1, as on paper; pointers count from 0.
    """

    summary: str
    conventions: list[ConventionResponse]
    correct: int
    coarse: int
    follows: int
    wrong: int
    missing: int
    first_wrong: JudgedNumberResponse | None
    numbers: list[JudgedNumberResponse]

    @staticmethod
    def of(report: Report, question: CheckRequest) -> "CheckResponse":
        """Pack a report."""
        first = report.first_wrong
        return CheckResponse(
            summary=summary(report, question.samples, question.hints, question.form),
            conventions=[ConventionResponse.of(one) for one in report.conventions],
            correct=report.count(Verdict.CORRECT),
            coarse=report.count(Verdict.COARSE),
            follows=report.count(Verdict.FOLLOWS),
            wrong=report.count(Verdict.WRONG),
            missing=report.count(Verdict.MISSING),
            first_wrong=None if first is None else JudgedNumberResponse.of(first, question),
            numbers=[JudgedNumberResponse.of(one, question) for one in report.numbers],
        )

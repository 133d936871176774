"""POST /check: numbers computed by hand, and what is to be said of each."""

from dataclasses import dataclass

import numpy as np
from pydantic import Field

from core.worked.budget import require_short
from core.worked.calculation.network import backprop_calculation, forward_calculation
from core.worked.calculation.quantity import Calculation
from core.worked.checking.check import Report, check
from core.worked.checking.verdict import JudgedNumber, Slip, Verdict
from core.worked.relu_solution import relu_calculation, require_few_points
from service.problems import pointer
from service.wire.computation import ComputationForm
from service.wire.handed_in import PER_SAMPLE, AnswersForm
from service.wire.place import within


class CheckQuestion(ComputationForm):
    """A computation, the numbers somebody got for it, and how they were rounded."""

    answers: AnswersForm
    hints: int = Field(
        2, ge=0, le=2, description="0: only where; 1: where and what kind; 2: everything"
    )

    @property
    def is_single(self) -> bool:
        """Whether the numbers have no axis for samples."""
        return self.x is None or self.x.ndim == 1

    def report(self) -> Report:
        """Judge; raises what the core refuses."""
        calculation = self._calculation()
        answers = dict(self.answers.by_place(self.is_single))
        with within("answers"):
            return check(calculation, answers, self.rule)

    def _calculation(self) -> Calculation:
        if self.relu_system is not None:
            grid, values = self.relu_system.points()
            with within("relu_system"):
                require_few_points(len(grid))
                return relu_calculation(grid, values, self.relu_system.ends)
        network, x, y = self.to_core()
        require_short(network.sizes, len(x), y is not None, self.eta is not None)
        if y is None:
            network.forward(x)
            return forward_calculation(network.layers, x)
        loss = self.loss_function
        network.backprop(x, y, loss, self.reduction)
        return backprop_calculation(network.layers, x, y, loss, self.reduction, self.eta)


@dataclass(frozen=True)
class MistakeAnswer:
    """A known mistake: its name, what was done, and at which quantity."""

    name: str
    sentence: str
    pointer: str

    @staticmethod
    def of(slip: Slip) -> "MistakeAnswer":
        """Unpack a slip of the core."""
        return MistakeAnswer(slip.mistake, slip.sentence, pointer(slip.place))


@dataclass(frozen=True)
class JudgedNumberAnswer:
    """One number; what the hints hold back is null.

    `pointer` leads to it in the answer of /backprop. `expected` is what follows from the numbers
    before it, `allowed` the interval that rounding leaves. `mistakes` are made together;
    `alternatives` explain it as well.
    """

    pointer: str
    verdict: Verdict
    value: float | None
    expected: float | None
    allowed: list[float | None] | None
    mistakes: list[MistakeAnswer] | None
    alternatives: list[list[MistakeAnswer]] | None

    @staticmethod
    def of(number: JudgedNumber, hints: int, single: bool) -> "JudgedNumberAnswer":
        """Say as much as the hints allow."""
        everything, kind = hints >= 2, hints >= 1
        ends = [end if np.isfinite(end) else None for end in number.allowed]
        return JudgedNumberAnswer(
            pointer=_pointer(number, single),
            verdict=number.verdict,
            value=number.value,
            expected=_finite(number) if everything else None,
            allowed=ends if everything else None,
            mistakes=[MistakeAnswer.of(slip) for slip in number.slips] if kind else None,
            alternatives=[[MistakeAnswer.of(slip) for slip in one] for one in number.alternatives]
            if everything
            else None,
        )


def _finite(number: JudgedNumber) -> float | None:
    expected = None if number.expected is None else float(number.expected)
    return expected if expected is not None and np.isfinite(expected) else None


def _pointer(number: JudgedNumber, single: bool) -> str:
    has_samples = number.place[-1] in PER_SAMPLE and single
    return pointer((*number.place, *(number.index[1:] if has_samples else number.index)))


@dataclass(frozen=True)
class CheckAnswer:
    """How many numbers have each verdict, the first wrong one, and all of them in order."""

    correct: int
    follows: int
    wrong: int
    missing: int
    first_wrong: JudgedNumberAnswer | None
    numbers: list[JudgedNumberAnswer]

    @staticmethod
    def of(report: Report, question: CheckQuestion) -> "CheckAnswer":
        """Pack a report."""
        hints, single = question.hints, question.is_single
        first = report.first_wrong
        return CheckAnswer(
            correct=report.count(Verdict.CORRECT),
            follows=report.count(Verdict.FOLLOWS),
            wrong=report.count(Verdict.WRONG),
            missing=report.count(Verdict.MISSING),
            first_wrong=None if first is None else JudgedNumberAnswer.of(first, hints, single),
            numbers=[JudgedNumberAnswer.of(one, hints, single) for one in report.numbers],
        )

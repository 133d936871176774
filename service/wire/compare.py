"""POST /approximate/compare: several n and grids at once → errors and orders of convergence."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from core.approximation.convergence import Experiment, convergence
from core.approximation.expression import parse
from core.approximation.grid import GRIDS
from service.wire.approximate import FormulaText, Interval, Points
from service.wire.form import Form, OneOf

MOST_EXPERIMENTS = 64
GridName = Annotated[str, OneOf.of(GRIDS)]


class CompareQuestion(Form):
    """The experiments: every grid with every n."""

    function: FormulaText
    interval: Interval
    n: list[Points] = Field(
        default_factory=lambda: [5, 9, 17, 33, 65], min_length=1, max_length=MOST_EXPERIMENTS
    )
    grids: list[GridName] = Field(
        default_factory=lambda: list(GRIDS), min_length=1, max_length=MOST_EXPERIMENTS
    )

    def experiments(self) -> list[Experiment]:
        """The table, grid by grid, n increasing; raises what the core refuses."""
        grids = list(dict.fromkeys(self.grids))
        a, b = self.interval
        return convergence(parse(self.function), (a, b), sorted(set(self.n)), grids)


@dataclass(frozen=True)
class ExperimentAnswer:
    """One grid with one n; `observed_order` p in max_error ~ (n - 1)^-p, from the n before."""

    grid: str
    n: int
    spacing: float
    max_error: float
    rms_error: float
    observed_order: float | None


@dataclass(frozen=True)
class CompareAnswer:
    """The error table."""

    experiments: list[ExperimentAnswer]

    @staticmethod
    def of(experiments: list[Experiment]) -> "CompareAnswer":
        """Pack the table."""
        return CompareAnswer([ExperimentAnswer(**vars(experiment)) for experiment in experiments])

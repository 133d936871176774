"""POST /solution: a computation to write out, and its steps."""

from dataclasses import dataclass
from typing import Any

from core.solutions.document import Document
from core.solutions.network_solution import backprop_solution, forward_solution
from core.solutions.notation.tex import tex
from core.solutions.relu_solution import relu_solution
from core.solutions.rounding import as_floats
from core.solutions.step import Step
from service.schemas.error_location import prefix_location
from service.schemas.exercises.computation import ComputationSchema


class SolutionRequest(ComputationSchema):
    """A computation to be written out."""

    def document(self) -> Document:
        """The worked solution; raises what the core refuses."""
        if self.relu_system is not None:
            grid, values = self.relu_system.points()
            with prefix_location("relu_system"):
                return relu_solution(grid, values, self.rule, self.relu_system.ends)
        network, x, y = self.to_core()
        if y is None:
            return forward_solution(network.layers, x, self.rule)
        return backprop_solution(
            network.layers, x, y, self.loss_function, self.rule, self.reduction, self.eta
        )


@dataclass(frozen=True)
class StepResponse:
    """One step: symbol = formula = substituted = value, formulas as LaTeX without dollar signs.

    `id` is the path of the quantity in the answer of /backprop; `substituted` is empty where
    plugging in changes nothing; `value` is rounded as asked.
    """

    id: str
    symbol: str
    formula: str
    substituted: str
    value: Any

    @staticmethod
    def of(step: Step) -> "StepResponse":
        """Unpack a step of the core."""
        return StepResponse(
            id=step.id,
            symbol=tex(step.symbol),
            formula=tex(step.formula),
            substituted=" = ".join(map(tex, step.substituted)),
            value=as_floats(step.value).tolist(),
        )


@dataclass(frozen=True)
class SolutionResponse:
    """The steps in the order of the derivation."""

    title: str
    steps: list[StepResponse]

    @staticmethod
    def of(document: Document) -> "SolutionResponse":
        """Unpack a document."""
        return SolutionResponse(document.title, [StepResponse.of(step) for step in document.steps])

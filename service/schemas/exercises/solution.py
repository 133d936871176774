"""POST /solution: a computation to write out, and its steps."""

from dataclasses import dataclass
from typing import Any

from pydantic import Field

from core.conventions import USUAL_FORM, WeightsForm
from core.errors import Place
from core.solutions.checking.quantity_names import MATRICES
from core.solutions.document import Document
from core.solutions.notation.mathml import mathml
from core.solutions.notation.tex import tex
from core.solutions.notation.tree import Math, joined
from core.solutions.rounding import as_floats
from core.solutions.step import Step, StepEntry
from service.http.problems import pointer
from service.schemas.exercises.computation import ComputationSchema


class SolutionRequest(ComputationSchema):
    """A computation to be written out."""

    each: bool = Field(
        False, description="whether every step has `entries`: each number with its own formula"
    )


@dataclass(frozen=True)
class FormulasResponse:
    """The formulas of a line as MathML elements; `substituted` is empty where there is none."""

    symbol: str
    formula: str
    substituted: str

    @staticmethod
    def of(line: Step | StepEntry) -> "FormulasResponse":
        """Write symbol, formula and the numbers put in."""
        return FormulasResponse(
            symbol=mathml(line.symbol),
            formula=mathml(line.formula),
            substituted=mathml(_chained(line.substituted)) if line.substituted else "",
        )


def _chained(forms: tuple[Math, ...]) -> Math:
    """One form after the other, with = between them."""
    return joined(forms, "equals")


def _is_matrix(place: Place) -> bool:
    """Whether a number is one of a matrix of weights."""
    return any(name in MATRICES for name in place)


@dataclass(frozen=True)
class EntryResponse:
    """One number of a step, with the pointer that /check uses; formulas as in the step."""

    pointer: str
    symbol: str
    formula: str
    substituted: str
    value: float
    exact: bool
    mathml: FormulasResponse

    @staticmethod
    def of(entry: StepEntry, form: WeightsForm = USUAL_FORM) -> "EntryResponse":
        """Unpack one number of a step; matrices of weights are in the form of the request."""
        place, unit = entry.place, entry.place[-2:]
        if _is_matrix(place):
            place = (*place[:-2], *form.index(int(unit[0]), int(unit[1])))
        return EntryResponse(
            pointer=pointer(place),
            symbol=tex(entry.symbol),
            formula=tex(entry.formula),
            substituted=tex(_chained(entry.substituted)),
            value=float(entry.value),
            exact=entry.exact,
            mathml=FormulasResponse.of(entry),
        )


@dataclass(frozen=True)
class StepResponse:
    """One step: symbol = formula = substituted = value, formulas as LaTeX without dollar signs.

    `id` is the path of the quantity in the answer of /backprop; `substituted` is empty where
    plugging in changes nothing; `value` is rounded as asked, `exact` where nothing was rounded.
    `mathml` has the same formulas as MathML; `entries` is null unless `each` asks for them.
    """

    id: str
    symbol: str
    formula: str
    substituted: str
    value: Any
    exact: bool
    mathml: FormulasResponse
    entries: list[EntryResponse] | None

    @staticmethod
    def of(step: Step, each: bool = False, form: WeightsForm = USUAL_FORM) -> "StepResponse":
        """Unpack a step of the core."""
        value = as_floats(step.value)
        return StepResponse(
            id=step.id,
            symbol=tex(step.symbol),
            formula=tex(step.formula),
            substituted=" = ".join(map(tex, step.substituted)),
            value=(value.T if form.layout == "rows" else value).tolist(),
            exact=step.exact,
            mathml=FormulasResponse.of(step),
            entries=[EntryResponse.of(entry, form) for entry in step.entries] if each else None,
        )


@dataclass(frozen=True)
class SolutionResponse:
    """The steps in the order of the derivation."""

    title: str
    steps: list[StepResponse]

    @staticmethod
    def of(
        document: Document, each: bool = False, form: WeightsForm = USUAL_FORM
    ) -> "SolutionResponse":
        """Unpack a document; with `each` every number has its own formula."""
        steps = [StepResponse.of(step, each, form) for step in document.steps]
        return SolutionResponse(document.title, steps)

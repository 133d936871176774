"""The numbers that a student computed by hand; null where one is missing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from core.conventions import WeightsForm
from core.errors import Place
from service.schemas.request_model import RequestModel
from service.settings import MAX_SCHEMA_LAYERS

_MAX_ENTRIES = 10_000
_LARGEST = 1e300
_DECIMAL = re.compile(r"[-+−]?[0-9]{1,30}([.,][0-9]{0,30})?([eE][-+]?[0-9]{1,3})?", re.ASCII)
_RANKS = ("a number", "a row of numbers", "rows of numbers")


@dataclass(frozen=True)
class PartialArray:
    """A number, a row or rows of numbers, as the ranks 0, 1, 2 say; null where there is none.

    A number may be text, "0.50", which keeps the zeros at its end.
    """

    ranks: tuple[int, ...]

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Take numbers, text and null, or an array that the body's parser has made already."""
        return core_schema.no_info_plain_validator_function(self._numbers)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Say what JSON Schema can say; that rows are equally long it cannot."""
        forms: list[dict[str, Any]] = [{"type": ["number", "string", "null"]}]
        for _ in range(max(self.ranks)):
            forms.append({"type": "array", "items": forms[-1], "minItems": 1})
        chosen = [forms[rank] for rank in self.ranks]
        return chosen[0] if len(chosen) == 1 else {"anyOf": chosen}

    def _numbers(self, value: Any) -> np.ndarray:
        array = value if isinstance(value, np.ndarray) else _array(value)
        if array.ndim not in self.ranks or not 0 < array.size <= _MAX_ENTRIES:
            wanted = " or ".join(_RANKS[rank] for rank in self.ranks)
            raise PydanticCustomError("by_hand", f"give {wanted}")
        return array


def _array(value: Any) -> np.ndarray:
    rows = value if isinstance(value, list) else [value]
    numbers = [one for row in rows for one in (row if isinstance(row, list) else [row])]
    for one in numbers:
        if one is not None and type(one) not in (int, float) and not _is_decimal(one):
            raise PydanticCustomError(
                "by_hand", 'every entry is a number, text such as "0.50", or null if missing'
            )
    widths = {len(row) if isinstance(row, list) else None for row in rows}
    if len(widths) != 1:
        raise PydanticCustomError("ragged", "the rows are not equally long")
    (width,) = widths
    shape = np.shape(value) if not isinstance(value, list) else (len(rows),)
    kept = np.empty(len(numbers), dtype=object)
    kept[:] = [_within_range(one) for one in numbers]
    return kept.reshape(shape if width is None else (len(rows), width))


def _is_decimal(one: Any) -> bool:
    return isinstance(one, str) and _DECIMAL.fullmatch(one) is not None


def _within_range(number: float | str | None) -> float | str | None:
    """The number as it was sent, with an ASCII sign and a decimal point."""
    if number is None:
        return None
    if isinstance(number, str):
        number = number.replace("−", "-").replace(",", ".")
    # An integer is compared as it is: those of more than 308 digits have no float.
    if abs(float(number) if isinstance(number, str) else number) > _LARGEST:
        raise PydanticCustomError("by_hand", "a number is larger than 1e300")
    return number if isinstance(number, str) else float(number)


Single = Annotated[np.ndarray, PartialArray((0,))]
Row = Annotated[np.ndarray, PartialArray((1,))]
Rows = Annotated[np.ndarray, PartialArray((2,))]
PerSample = Annotated[np.ndarray, PartialArray((1, 2))]


class SubmittedLayerSchema(RequestModel):
    """What was computed for one layer; null for what was not, number by number if need be."""

    s: PerSample | None = None
    x: PerSample | None = None
    x_gradient: PerSample | None = Field(None, description="∂E/∂x⁽ˡ⁾")
    slope: PerSample | None = Field(None, description="σ′(s⁽ˡ⁾)")
    delta: PerSample | None = None
    weights_gradient: Rows | None = None
    biases_gradient: Row | None = None
    updated_weights: Rows | None = None
    updated_biases: Row | None = None


class SubmittedAnswersSchema(RequestModel):
    """The numbers handed in, gradients of weights in the form of the weights of the request.

    A matrix may come transposed, which is then its mistake.
    """

    layers: list[SubmittedLayerSchema] = Field(default_factory=list, max_length=MAX_SCHEMA_LAYERS)
    loss: Single | None = None
    x_gradient: PerSample | None = Field(None, description="∂E/∂x⁽⁰⁾")
    spacing: Single | None = None
    grid: Row | None = None
    values: Row | None = None
    knots: Row | None = None
    lambdas: Row | None = None

    def by_place(
        self, single: bool, form: WeightsForm, widths: Sequence[int]
    ) -> Iterator[tuple[Place, np.ndarray]]:
        """Everything handed in, with the axis samples where the core has it.

        Matrices are in the form of the weights of the request, whose layers take `widths` inputs;
        biases handed in on their own count before those in a matrix.
        """
        for number, layer in enumerate(self.layers):
            d_in = widths[number] if number < len(widths) else 0
            for matrix, vector in _MATRICES.items():
                numbers = getattr(layer, matrix)
                weights, biases = (None, None) if numbers is None else form.read(numbers, d_in)
                if weights is not None:
                    yield ("layers", number, matrix), weights
                if biases is not None and getattr(layer, vector) is None:
                    yield ("layers", number, vector), biases
            for name, numbers in layer:
                if numbers is not None and name not in _MATRICES:
                    yield ("layers", number, name), _with_axis(name, numbers, single)
        for name, numbers in self:
            if name == "lambdas" and numbers is not None:
                yield from ((("lambdas", i), one) for i, one in enumerate(map(np.asarray, numbers)))
            elif name != "layers" and numbers is not None:
                yield (name,), _with_axis(name, numbers, single)


_MATRICES = {"weights_gradient": "biases_gradient", "updated_weights": "updated_biases"}
"""Each with what stands in its column of biases."""
PER_SAMPLE = {"s", "x", "x_gradient", "slope", "delta"}


def _with_axis(name: str, numbers: np.ndarray, single: bool) -> np.ndarray:
    return numbers[None] if single and name in PER_SAMPLE and numbers.ndim == 1 else numbers

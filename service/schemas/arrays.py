"""The one place where numbers of JSON become arrays.

Small arrays come as lists and are judged number by number, so that a refusal points at the number.
Large ones come as arrays already (`body`), and only their rank is left to judge.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import (
    CoreSchema,
    InitErrorDetails,
    PydanticCustomError,
    ValidationError,
    core_schema,
)

from core.errors import ShapeMismatch, counted

# Tags stand in parentheses: pydantic puts them into the location of an error, and `pointer` in
# `problems` leaves them out.
ONE_SAMPLE, MANY_SAMPLES = "(one sample)", "(many samples)"

_NUMBER = core_schema.float_schema(strict=True, allow_inf_nan=False)
# One sentence per array: a million wrong numbers must not become a million sentences.
_ROW = core_schema.list_schema(_NUMBER, min_length=1, fail_fast=True)
_ROWS = core_schema.list_schema(_ROW, min_length=1, fail_fast=True)


@dataclass(frozen=True)
class ArraySchema:
    """An array of float64 of one of the ranks: 1 for a row, 2 for rows of equal length."""

    ranks: tuple[int, ...]
    nullable: bool = False
    """Whether NaN, which JSON writes as null, may stand for what was not measured; answers only."""

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Take lists of strict, finite numbers, or an array that is one of them already."""
        lists: CoreSchema
        if self.ranks == (1, 2):
            lists = core_schema.tagged_union_schema(
                {ONE_SAMPLE: _ROW, MANY_SAMPLES: _ROWS}, discriminator=_rank_tag
            )
        else:
            lists = _ROW if self.ranks == (1,) else _ROWS
        return core_schema.no_info_wrap_validator_function(self._array, lists)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Say what JSON Schema can say; that rows are equally long it cannot."""
        forms: list[dict[str, Any]] = [{"type": ["number", "null"] if self.nullable else "number"}]
        for _ in range(max(self.ranks)):
            forms.append({"type": "array", "items": forms[-1], "minItems": 1})
        forms = [forms[rank] for rank in self.ranks]
        return forms[0] if len(forms) == 1 else {"anyOf": forms}

    def _array(self, value: Any, handler: core_schema.ValidatorFunctionWrapHandler) -> np.ndarray:
        if isinstance(value, np.ndarray) and value.ndim in self.ranks:
            return value
        if isinstance(value, np.ndarray):
            value = value.tolist()  # of the wrong rank: the lists' schema says where
        rows = handler(value)
        _require_rectangle(rows)
        return np.array(rows, dtype=np.float64)


def _rank_tag(value: Any) -> str:
    nested = (
        isinstance(value, Sequence) and len(value) > 0 and isinstance(value[0], list | np.ndarray)
    )
    return MANY_SAMPLES if nested else ONE_SAMPLE


def _require_rectangle(rows: Sequence[Any]) -> None:
    if not isinstance(rows[0], list):
        return
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            ragged = PydanticCustomError(
                "ragged",
                "row {number} has {got}, but row 1 has {expected}",
                {
                    "number": index + 1,
                    "got": counted(len(row), "number"),
                    "expected": len(rows[0]),
                },
            )
            wrong = InitErrorDetails(type=ragged, loc=(index,), input=row)
            raise ValidationError.from_exception_data("rows", [wrong])


Vector = Annotated[np.ndarray, ArraySchema((1,))]
Matrix = Annotated[np.ndarray, ArraySchema((2,))]
Samples = Annotated[np.ndarray, ArraySchema((1, 2))]
"""One sample (d,) or many (samples, d)."""
Numbers = Annotated[np.ndarray, ArraySchema((1, 2, 3))]
"""Of an answer only: a gradient, with the axis samples in front where there is one each."""


Curve = Annotated[np.ndarray, ArraySchema((1,), nullable=True)]


def row_count(values: np.ndarray) -> int:
    """The number of samples: one where the question has no axis for them."""
    return 1 if values.ndim == 1 else len(values)


def require_same_rank(x: np.ndarray, y: np.ndarray) -> None:
    """Raise `ShapeMismatch` where one of x and y is one sample and the other one many."""
    if x.ndim != y.ndim:
        kind = {1: "a single sample", 2: "rows of samples"}
        advice = "; give y in rows too, as [[1], [0]]" if x.ndim == 2 else ""
        raise ShapeMismatch(f"x is {kind[x.ndim]}, but y is {kind[y.ndim]}{advice}", ("y",))


def match_rank(values: np.ndarray, question: np.ndarray) -> np.ndarray:
    """The answer has the rank of the question: without the axis samples for a single sample."""
    return values[0] if question.ndim == 1 else values

"""POST …/predict: rows in, labels and probabilities out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from core.tables.column import Label
from service.models.prediction import Prediction
from service.schemas.arrays import Matrix
from service.schemas.request_model import RequestModel

Row = Mapping[str, Any] | Sequence[Any]


class _Rows:
    """A list of rows, or an array of numbers that the parser has made of a long one."""

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Take lists of numbers, texts, booleans and nulls, and objects of them."""
        rows = core_schema.list_schema(
            core_schema.union_schema(
                [
                    (core_schema.list_schema(_VALUE, min_length=1), "(array)"),
                    (core_schema.dict_schema(core_schema.str_schema(), _VALUE), "(object)"),
                ]
            ),
            min_length=1,
            fail_fast=True,
        )
        return core_schema.no_info_wrap_validator_function(_array, rows)


_VALUE = core_schema.nullable_schema(
    core_schema.union_schema(
        [
            core_schema.bool_schema(strict=True),
            core_schema.int_schema(strict=True),
            core_schema.float_schema(strict=True, allow_inf_nan=False),
            core_schema.str_schema(strict=True, max_length=10_000),
        ]
    )
)


def _array(value: Any, handler: core_schema.ValidatorFunctionWrapHandler) -> Any:
    if isinstance(value, np.ndarray):
        return value if value.ndim == 2 else handler(value.tolist())
    if isinstance(value, list):  # rows among which the parser has found a long one
        value = [row.tolist() if isinstance(row, np.ndarray) else row for row in value]
    return handler(value)


class PredictRequest(RequestModel):
    """Rows to predict."""

    rows: Annotated[Sequence[Row] | np.ndarray, _Rows()] = Field(
        description="each an object by column name, or an array in the order of the columns; "
        "a missing value is null"
    )


@dataclass(frozen=True)
class PredictResponse:
    """A prediction for each row: a label, a number, or the numbers of several outputs.

    `probabilities` has a row for each row and a column for each of `classes`; both are null for a
    regression.
    """

    predictions: list[Label | list[float]]
    classes: list[Label] | None
    probabilities: Matrix | None

    @staticmethod
    def of(prediction: Prediction) -> "PredictResponse":
        """Pack a prediction."""
        classes = prediction.schema.output.classes
        return PredictResponse(
            predictions=prediction.labels,
            classes=list(classes) or None,
            probabilities=prediction.probabilities,
        )

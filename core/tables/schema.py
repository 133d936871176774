"""The description of a network's inputs and outputs by columns: rows are encoded, outputs decoded.

One frozen value that travels with a job and its network: it turns rows as people write them into x,
y into labels, and outputs back into labels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from jaxtyping import Float64

from core.arrays import Array
from core.errors import OutOfDomain, ShapeMismatch, counted
from core.tables.classes import class_codes, class_targets, predicted_codes
from core.tables.column import Kind, Label, text_of
from core.tables.row_values import recoded, stored_value
from core.tables.table import Table
from core.tables.target import Task


@dataclass(frozen=True)
class InputColumn:
    """A column that becomes `width` inputs: itself, or an indicator for each category.

    A category that is not among `categories` has no indicator set. A missing number becomes
    `fill`; None refuses it. A missing category has no indicator set.
    """

    name: str
    kind: Kind = "number"
    categories: tuple[str, ...] = ()
    fill: float | None = None

    @property
    def width(self) -> int:
        """How many inputs of the network come from this column."""
        return len(self.categories) if self.kind == "category" else 1

    @property
    def input_names(self) -> tuple[str, ...]:
        """A name for each of these inputs."""
        if self.kind != "category":
            return (self.name,)
        return tuple(f"{self.name}={category}" for category in self.categories)


@dataclass(frozen=True)
class OutputColumns:
    """What the outputs of the network stand for.

    A regression has an output for each of `names`. A classification has one name; of two `classes`
    the single output is the probability of the second, of more, or with `one_hot`, there is an
    output for each.
    """

    names: tuple[str, ...]
    task: Task = "regression"
    classes: tuple[Label, ...] = ()
    one_hot: bool = False

    @property
    def width(self) -> int:
        """How many outputs the network has."""
        if self.task == "regression":
            return len(self.names)
        return len(self.classes) if self.one_hot or len(self.classes) != 2 else 1


@dataclass(frozen=True)
class TableSchema:
    """Inputs and outputs of a network as columns of a table."""

    inputs: tuple[InputColumn, ...]
    output: OutputColumns

    @property
    def input_names(self) -> tuple[str, ...]:
        """A name for each number of x^(0), `column=category` for indicators."""
        return tuple(name for column in self.inputs for name in column.input_names)

    @property
    def output_names(self) -> tuple[str, ...]:
        """A name for each number of the output."""
        output = self.output
        if output.task == "regression":
            return output.names
        classes = output.classes[-1:] if output.width == 1 else output.classes
        return tuple(f"{output.names[0]}={text_of(label)}" for label in classes)

    def encode(self, rows: Sequence[Mapping[str, Any] | Sequence[Any]]) -> Float64[Array, "n d_in"]:
        """x of rows: objects by column name (further names are ignored), or arrays in order.

        Raises `ShapeMismatch` and `OutOfDomain` with the place (row, column): a column left out, a
        value of another kind, a missing number without `fill`, a number that is not finite.
        """
        if not len(rows):
            raise ShapeMismatch("there are no rows")
        columns: list[list[float]] = [[] for _ in self.inputs]
        for place, row in enumerate(rows):
            for column, value, values in zip(
                self.inputs, self._values(row, place), columns, strict=True
            ):
                values.append(
                    stored_value(
                        column.name, column.kind, column.categories, value, (place, column.name)
                    )
                )
        stored = np.array(columns, np.float64).T
        return self._encoded(stored)

    def encode_table(self, table: Table) -> Float64[Array, "n d_in"]:
        """x of a table that has the inputs among its columns.

        Raises `UnknownName` for a column that is not there, `OutOfDomain` where a kind differs or
        a number is missing that has no `fill`.
        """
        chosen = table.select([column.name for column in self.inputs])
        for wanted, found in zip(self.inputs, chosen.columns, strict=True):
            if wanted.kind == "number" and found.kind != "number":
                raise OutOfDomain(f"column {wanted.name!r} is a {found.kind}, expected numbers")
        stored = np.column_stack(
            [
                recoded(wanted.kind, wanted.categories, found, values)
                for wanted, found, values in zip(
                    self.inputs, chosen.columns, chosen.values.T, strict=True
                )
            ]
        )
        return self._encoded(stored)

    def encode_target(self, table: Table) -> Float64[Array, "n d_out"]:
        """y of a table that has the target; raises `UnknownName`, `OutOfDomain`."""
        chosen = table.select(self.output.names)
        for name, values in zip(chosen.names, chosen.values.T, strict=True):
            if np.isnan(values).any():
                row = int(np.argmax(np.isnan(values)))
                raise OutOfDomain(f"row {row + 1} has no {name!r}", (row, name))
        if self.output.task == "regression":
            return chosen.values
        codes = class_codes(chosen.columns[0], chosen.values[:, 0], self.output.classes)
        return class_targets(codes, self.output.width)

    def labels(self, output: Float64[Array, "n d_out"]) -> list[Label] | list[list[float]]:
        """Outputs as labels; of a regression the numbers themselves, a list per row."""
        if self.output.task == "regression":
            numbers: list[list[float]] = output.tolist()
            return numbers
        return [self.output.classes[code] for code in predicted_codes(output)]

    def probabilities(self, output: Float64[Array, "n d_out"]) -> Float64[Array, "n classes"]:
        """The probability of each class, a row per sample; of a regression the outputs."""
        if self.output.task == "classification" and output.shape[1] == 1:
            return np.hstack([1.0 - output, output])
        return output

    def to_document(self) -> dict[str, Any]:
        """Plain dictionaries and lists, as JSON writes them."""
        return asdict(self)

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> "TableSchema":
        """The inverse of `to_document`, also after a way through JSON."""
        inputs = tuple(
            InputColumn(**{**column, "categories": tuple(column["categories"])})
            for column in document["inputs"]
        )
        output = document["output"]
        return TableSchema(
            inputs,
            OutputColumns(
                tuple(output["names"]),
                output["task"],
                tuple(output["classes"]),
                output.get("one_hot", False),
            ),
        )

    def _values(self, row: Mapping[str, Any] | Sequence[Any], place: int) -> list[Any]:
        if isinstance(row, Mapping):
            for column in self.inputs:
                if column.name not in row:
                    raise ShapeMismatch(
                        f"row {place + 1} has no {column.name!r}; a missing value is null",
                        (place, column.name),
                    )
            return [row[column.name] for column in self.inputs]
        if len(row) != len(self.inputs):
            raise ShapeMismatch(
                f"row {place + 1} has {counted(len(row), 'value')}, "
                f"expected {len(self.inputs)} (one per column): "
                + ", ".join(column.name for column in self.inputs),
                (place,),
            )
        return list(row)

    def _encoded(self, stored: Float64[Array, "n columns"]) -> Float64[Array, "n d_in"]:
        parts = []
        for column, values in zip(self.inputs, stored.T, strict=True):
            if column.kind == "category":
                parts.append((values[:, None] == np.arange(column.width)).astype(np.float64))
            else:
                parts.append(_filled(column, values)[:, None])
        return np.ascontiguousarray(np.hstack(parts))


def _filled(column: InputColumn, values: Float64[Array, " n"]) -> Float64[Array, " n"]:
    missing = np.isnan(values)
    if not missing.any():
        return values
    if column.fill is None:
        row = int(np.argmax(missing))
        raise OutOfDomain(f"row {row + 1} has no {column.name!r}", (row, column.name))
    return np.where(missing, column.fill, values)

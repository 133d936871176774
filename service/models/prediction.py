"""Predictions of a network for rows of a table."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.arrays import Array
from core.errors import ShapeMismatch, counted
from core.neural_network import NeuralNetwork
from core.tables.column import Label, text_of
from core.tables.schema import TableSchema
from service.datasets.readers.csv_reader import read_csv
from service.datasets.readers.dialect import Dialect


@dataclass(frozen=True, eq=False)
class Predictor:
    """A network with the columns of its inputs and outputs."""

    network: NeuralNetwork
    schema: TableSchema

    def of_rows(self, rows: Sequence[Mapping[str, Any] | Sequence[Any]] | Array) -> Array:
        """x of rows; raises `ShapeMismatch` and `OutOfDomain` with the place of the value."""
        is_plain = all(column.kind == "number" for column in self.schema.inputs)
        if isinstance(rows, np.ndarray) and is_plain:
            if rows.shape[1] != len(self.schema.inputs):
                raise ShapeMismatch(
                    f"a row has {counted(rows.shape[1], 'value')}, "
                    f"expected {len(self.schema.inputs)} (one per column)"
                )
            return rows
        return self.schema.encode(rows.tolist() if isinstance(rows, np.ndarray) else rows)

    def of_csv(self, text: str, require: Callable[[int, int], None]) -> Array:
        """x of a CSV file; `require(rows, columns)` raises for one that is too long.

        Raises `InvalidDataset` with line and column, and as `encode_table` does.
        """
        table = read_csv(lambda: io.StringIO(text, newline=""), Dialect(), require).table
        return self.schema.encode_table(table)

    def predict(self, x: Array) -> "Prediction":
        """The outputs for x; raises `NotFinite` for numbers that are too large."""
        return Prediction(self.schema, self.network.forward(x).output)


@dataclass(frozen=True, eq=False)
class Prediction:
    """Outputs of a network, and what they stand for."""

    schema: TableSchema
    output: Array

    @property
    def labels(self) -> list[Label | list[float]]:
        """A label for each row; a number, or of several outputs a list of them."""
        found: list[Any] = self.schema.labels(self.output)
        is_flat = self.schema.output.task == "classification" or len(self.output[0]) > 1
        return found if is_flat else [row[0] for row in found]

    @property
    def probabilities(self) -> Array | None:
        """A row for each row and a column for each class; None for a regression."""
        if self.schema.output.task == "regression":
            return None
        return self.schema.probabilities(self.output)

    def to_csv(self) -> bytes:
        """The predictions as CSV (RFC 4180), of a classification with the probabilities."""
        output = self.schema.output
        file = io.StringIO()
        writer = csv.writer(file)
        probabilities = self.probabilities
        if probabilities is None:
            writer.writerow(output.names)
            writer.writerows(self.output.tolist())
        else:
            (target,) = output.names
            writer.writerow([target, *(f"{target}={text_of(name)}" for name in output.classes)])
            for label, row in zip(self.labels, probabilities.tolist(), strict=True):
                writer.writerow([text_of(label), *row])  # type: ignore[arg-type]  # no list here
        return file.getvalue().encode()

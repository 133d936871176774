"""Classes: the labels of a target, their codes, and the targets and outputs that stand for them."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float64

from core.arrays import Array
from core.errors import OutOfDomain
from core.tables.column import Column, Label, text_of


def classes_of(column: Column, values: Float64[Array, " n"]) -> tuple[Label, ...]:
    """The different labels of a target column that occur, in increasing order."""
    found = np.unique(values[~np.isnan(values)])
    return tuple(label for label in map(column.label, found.tolist()) if label is not None)


def class_codes(column: Column, values: Float64[Array, " n"], classes: Sequence[Label]) -> Array:
    """The index of each label among `classes`; raises `OutOfDomain` for another label."""
    known = {label: code for code, label in enumerate(classes)}
    distinct, inverse = np.unique(values, return_inverse=True)
    codes = []
    for value in distinct.tolist():
        label = column.label(value)
        if label not in known:
            raise OutOfDomain(f"{text_of(label)!r} is not a class of {column.name!r}")
        codes.append(known[label])
    return np.array(codes, np.intp)[inverse]


def class_targets(codes: Array, outputs: int) -> Float64[Array, "n outputs"]:
    """Targets of classes: with a single output the code itself, 0 or 1, else one-hot rows."""
    if outputs == 1:
        return codes.reshape(-1, 1).astype(np.float64)
    return np.eye(outputs)[codes]


def predicted_codes(output: Float64[Array, "n d_out"]) -> list[int]:
    """The class of each row: of one output 1 above 1/2, of several the largest."""
    codes: list[int] = (
        (output[:, 0] > 0.5).astype(int) if output.shape[1] == 1 else output.argmax(axis=1)
    ).tolist()
    return codes

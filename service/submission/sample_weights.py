"""The weight of each sample: its own times that of its class."""

from collections.abc import Mapping

import numpy as np

from core.arrays import Array
from core.errors import OutOfDomain, UnknownName
from core.nn.activations import SIGMOID
from core.nn.metrics import class_labels
from core.tables.column import text_of
from service.submission.training_data import SplitRule, TrainingData

BALANCED = "balanced"


def sample_weights(
    data: TrainingData, of_classes: str | Mapping[str, float] | None, split: SplitRule
) -> Array | None:
    """What multiplies the loss of each sample; None where there are no weights.

    Raises `OutOfDomain` for weights of classes where y has none, `UnknownName` for another label.
    """
    if of_classes is None:
        return data.weights
    codes = class_labels(SIGMOID, data.y)
    if codes is None:
        raise OutOfDomain("y stands for no classes that could have weights", ("class_weights",))
    labels = _labels(data)
    if isinstance(of_classes, str):
        counts = np.bincount(codes[split.training_rows(len(codes))], minlength=len(labels))
        by_class = counts.sum() / (len(labels) * np.maximum(counts, 1))
    else:
        by_class = np.ones(len(labels))
        for label, weight in of_classes.items():
            if label not in labels:
                raise UnknownName(
                    f"there is no class {label!r}; there are {', '.join(labels[:20])}",
                    ("class_weights", label),
                )
            by_class[labels.index(label)] = weight
    weights = by_class[codes]
    return weights if data.weights is None else weights * data.weights


def _labels(data: TrainingData) -> list[str]:
    """The classes as texts: labels, or their numbers."""
    if data.schema is not None and data.schema.output.classes:
        return list(map(text_of, data.schema.output.classes))
    return [str(number) for number in range(max(2, data.y.shape[1]))]

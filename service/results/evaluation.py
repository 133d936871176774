"""The scores of a job's network on its training, validation and test rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np

from core.arrays import Array
from core.nn.metrics import predicted_classes
from core.tables.column import Label
from core.tables.evaluation import class_scores, number_scores, roc_curve
from core.tables.schema import TableSchema
from service.jobs.storage.store import Store
from service.limits import Limits
from service.results.part_outputs import (
    PartOutput,
    class_names,
    class_probabilities,
    fold_outputs,
    part_outputs,
    target_names,
)
from service.results.training_rows import table_schema
from service.schemas.arrays import Vector


@dataclass(frozen=True)
class ClassScore:
    """A class: precision, recall and the area under its ROC curve; null where undefined."""

    label: Label
    rows: int
    precision: float | None
    recall: float | None
    roc_area: float | None


@dataclass(frozen=True)
class RocPoints:
    """True against false positive rate of a class against all others."""

    label: Label
    false_positive_rate: Vector
    true_positive_rate: Vector


@dataclass(frozen=True)
class ClassificationScores:
    """`confusion` has a row for each class and a column for each predicted class.

    `right` counts its diagonal, `most_frequent` the rows of the most frequent class, which are the
    right ones if that class is always predicted. `roc` has the curve of the second of two classes,
    of more one for each that occurs.
    """

    accuracy: float
    right: int
    most_frequent: int
    classes: list[ClassScore]
    confusion: list[list[int]]
    roc: list[RocPoints]


@dataclass(frozen=True)
class TargetScore:
    """A target of a regression: R² (null where it is constant), mean absolute error and RMSE."""

    name: str
    r2: float | None
    mean_absolute_error: float
    root_mean_squared_error: float


@dataclass(frozen=True)
class PartScores:
    """The scores on one part of the rows; those of the other task are null.

    `indices` are the rows by their place in `/data`, from 0.
    """

    rows: int
    indices: Vector
    classification: ClassificationScores | None
    regression: list[TargetScore] | None


@dataclass(frozen=True)
class Spread:
    """Mean and standard deviation of a score over the folds that have it."""

    mean: float
    deviation: float


@dataclass(frozen=True)
class CrossValidation:
    """The scores of each fold's network on the rows that it was not trained on.

    A fold whose training diverged is null. `scores` has `accuracy`, or `r2` and
    `root_mean_squared_error`, which are means over the targets.
    """

    folds: list[PartScores | None]
    scores: Mapping[str, Spread]


@dataclass(frozen=True)
class EvaluationResponse:
    """The scores of the job's network as it is now; a part without rows is null.

    `cross_validation` is null for a training without folds.
    """

    training: PartScores
    validation: PartScores | None
    test: PartScores | None
    cross_validation: CrossValidation | None


def evaluation_of(store: Store, job_id: str, limits: Limits) -> EvaluationResponse:
    """Score the network on every row; raises `LimitExceeded` where that takes too long."""
    schema = table_schema(store, job_id)
    parts = {part.name: _scores(part, schema) for part in part_outputs(store, job_id, limits)}
    folds = fold_outputs(store, job_id, limits)
    scored = [None if fold is None else _scores(fold, schema) for fold in folds]
    return EvaluationResponse(
        parts["training"],
        parts.get("validation"),
        parts.get("test"),
        CrossValidation(scored, _spreads(scored)) if scored else None,
    )


def _scores(part: PartOutput, schema: TableSchema | None) -> PartScores:
    rows = len(part.rows)
    if part.codes is None:
        return PartScores(rows, part.rows, None, _regression(part.y, part.output, schema))
    return PartScores(rows, part.rows, _classification(part.codes, part.output, schema), None)


def _spreads(folds: Sequence[PartScores | None]) -> dict[str, Spread]:
    found: dict[str, list[float]] = {}
    for fold in folds:
        if fold is not None and fold.classification is not None:
            found.setdefault("accuracy", []).append(fold.classification.accuracy)
        for name in ("r2", "root_mean_squared_error"):
            values = [getattr(target, name) for target in (fold and fold.regression) or []]
            if values and None not in values:
                found.setdefault(name, []).append(float(np.mean(values)))
    return {
        name: Spread(float(np.mean(values)), float(np.std(values)))
        for name, values in found.items()
    }


def _classification(
    codes: Array, output: Array, schema: TableSchema | None
) -> ClassificationScores:
    probabilities = class_probabilities(output)
    labels = class_names(schema, probabilities.shape[1])
    scores = class_scores(codes, predicted_classes(output), probabilities)
    shown = [1] if len(labels) == 2 else range(len(labels))
    return ClassificationScores(
        accuracy=scores.accuracy,
        right=int(scores.confusion.trace()),
        most_frequent=int(scores.confusion.sum(axis=1).max()),
        classes=[
            ClassScore(
                label,
                int(scores.confusion[k].sum()),
                _defined(scores.precision[k]),
                _defined(scores.recall[k]),
                _defined(scores.area[k]),
            )
            for k, label in enumerate(labels)
        ],
        confusion=scores.confusion.tolist(),
        roc=[
            _roc(labels[k], codes == k, probabilities[:, k])
            for k in shown
            if _defined(scores.area[k]) is not None
        ],
    )


def _roc(label: Label, positive: Array, probability: Array) -> RocPoints:
    curve = roc_curve(positive, probability)
    return RocPoints(label, curve.false_positive_rate, curve.true_positive_rate)


def _regression(y: Array, output: Array, schema: TableSchema | None) -> list[TargetScore]:
    scores = number_scores(y, output)
    names = target_names(schema, y.shape[1])
    return [
        TargetScore(
            name,
            _defined(scores.r2[k]),
            float(scores.mean_absolute_error[k]),
            float(scores.root_mean_squared_error[k]),
        )
        for k, name in enumerate(names)
    ]


def _defined(value: float) -> float | None:
    return None if isnan(value) else float(value)

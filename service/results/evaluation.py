"""The scores of a job's network on its training, validation and test rows."""

from dataclasses import dataclass
from math import isnan

import numpy as np

from core.arrays import Array
from core.cost import forward_operations
from core.nn.metrics import class_labels, predicted_classes
from core.tables.column import Label
from core.tables.evaluation import class_scores, number_scores, roc_curve
from core.tables.schema import TableSchema
from service.jobs.storage.store import Store
from service.limits import Limits
from service.results.training import trained_network
from service.results.training_rows import PARTS, table_schema, training_config
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

    `roc` has the curve of the second of two classes, of more one for each that occurs.
    """

    accuracy: float
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
    """The scores on one part of the rows; those of the other task are null."""

    rows: int
    classification: ClassificationScores | None
    regression: list[TargetScore] | None


@dataclass(frozen=True)
class EvaluationResponse:
    """The scores of the job's network as it is now; a part without rows is null."""

    training: PartScores
    validation: PartScores | None
    test: PartScores | None


def evaluation_of(store: Store, job_id: str, limits: Limits) -> EvaluationResponse:
    """Score the network on every row; raises `LimitExceeded` where that takes too long."""
    network, config = trained_network(store, job_id), training_config(store, job_id)
    schema, rows = table_schema(store, job_id), store.data(job_id)
    limits.operations(forward_operations(config.sizes, len(rows)))
    x, y = np.split(rows, [config.sizes[0]], axis=1)
    output = network.forward(x).output
    classes = class_labels(network.layers[-1].activation, y)
    split = config.parts(len(rows))
    parts = {
        name: _scores(classes, y, output, places, schema)
        for name, places in zip(PARTS, (split.training, split.validation, split.test), strict=True)
        if len(places)
    }
    return EvaluationResponse(parts["training"], parts.get("validation"), parts.get("test"))


def _scores(
    classes: Array | None, y: Array, output: Array, places: Array, schema: TableSchema | None
) -> PartScores:
    if classes is None:
        return PartScores(len(places), None, _regression(y[places], output[places], schema))
    return PartScores(len(places), _classification(classes[places], output[places], schema), None)


def _classification(
    codes: Array, output: Array, schema: TableSchema | None
) -> ClassificationScores:
    probabilities = np.hstack([1.0 - output, output]) if output.shape[1] == 1 else output
    labels: list[Label] = list(range(probabilities.shape[1]))
    if schema is not None and schema.output.task == "classification":
        labels = list(schema.output.classes)
    scores = class_scores(codes, predicted_classes(output), probabilities)
    shown = [1] if len(labels) == 2 else range(len(labels))
    return ClassificationScores(
        accuracy=scores.accuracy,
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
    names = (
        list(schema.output_names)
        if schema
        else [f"y{number}" for number in range(1, y.shape[1] + 1)]
    )
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

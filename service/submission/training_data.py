"""x and y of a training from its request: arrays, labels, a data set, or a draw of a toy set."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.arrays import Array, require_equal_samples
from core.errors import OutOfDomain, ShapeMismatch, UnknownName, counted
from core.tables.advice import is_identifier, table_warnings
from core.tables.classes import class_targets, classes_of
from core.tables.column import Column, Label, text_of
from core.tables.schema import InputColumn, OutputColumns, TableSchema
from core.tables.split import Fold, split_rows
from core.tables.table import Table
from core.tables.target import TargetGuess, guess_target, task_of
from service.datasets.errors import StoredDatasetNotFound
from service.datasets.store import DatasetStore
from service.jobs.description import DataDescription
from service.limits import Limits
from service.schemas.arrays import require_same_rank
from service.schemas.error_location import prefix_location
from service.schemas.training.data import DrawnData, GivenData, StoredData
from service.schemas.training.targets import labels_of

OpenDatasets = Callable[[], DatasetStore]


@dataclass(frozen=True)
class NetworkEnds:
    """What is known of the network before the data: widths of its ends, None where they follow."""

    inputs: int | None = None
    outputs: int | None = None
    classifies: bool = False
    """Whether the last activation gives probabilities."""


@dataclass(frozen=True)
class SplitRule:
    """What decides which rows are trained on."""

    seed: int
    validation_fraction: float
    test_fraction: float
    fold: Fold | None = None

    def folds(self, count: int) -> "list[SplitRule]":
        """The rules of the folds of a cross-validation."""
        return [replace(self, fold=Fold(number, count)) for number in range(count)]

    def training_rows(self, samples: int) -> Array:
        """The rows to train on; raises `OutOfDomain`."""
        parts = split_rows(
            samples, self.seed, self.validation_fraction, self.test_fraction, self.fold
        )
        return parts.training


@dataclass(frozen=True, eq=False)
class TrainingData:
    """Rows as they are; `schema` names columns and classes where there are any."""

    x: Array
    y: Array
    description: DataDescription
    schema: TableSchema | None = None
    warnings: tuple[str, ...] = ()
    weights: Array | None = None
    """What multiplies the loss of each row; None without."""

    @property
    def is_table(self) -> bool:
        """Whether the inputs are columns of a data set."""
        return self.description.kind == "dataset"


def training_data(
    data: GivenData | StoredData | DrawnData,
    ends: NetworkEnds,
    split: SplitRule,
    limits: Limits,
    datasets: OpenDatasets,
) -> TrainingData:
    """Raise what is wrong with the data, with its place in the request."""
    with prefix_location("data"):
        match data:
            case StoredData():
                return _stored(data, ends, split, datasets())
            case DrawnData():
                limits.samples(data.samples, ("samples",))
                x, y = data.make()
                return TrainingData(x, y, DataDescription("toy", data.dataset, len(x)))
            case GivenData():
                given = _given(data, ends, limits)
                return replace(given, weights=_given_weights(data, len(given.x)))


def _given(data: GivenData, ends: NetworkEnds, limits: Limits) -> TrainingData:
    labels = labels_of(data.y)
    entries = len(data.y)
    x = data.x
    if x.ndim == 1:
        is_column = (
            ends.inputs in (None, 1) and len(x) == entries and np.ndim(labels or data.y) == 1
        )
        x = x.reshape(-1, 1) if is_column else x.reshape(1, -1)
    limits.samples(len(x), ("x",))
    description = DataDescription("arrays", None, len(x))
    if labels is None:
        y = np.asarray(data.y)
        if y.ndim == 1 and len(y) == len(x) and (len(x) > 1 or len(y) == 1):
            y = y.reshape(-1, 1)
        else:
            require_same_rank(data.x, y)
            y = np.atleast_2d(y)
        classes = _integer_classes(y, ends)
        if classes is None:
            return TrainingData(x, y, description)
        codes = np.searchsorted(np.array(classes, float), y[:, 0])
    else:
        require_equal_samples(x, np.array(labels, object))
        classes = tuple(sorted(set(labels), key=text_of))
        codes = np.array([classes.index(label) for label in labels])
    output = _classes(("y",), classes, ends)
    names = tuple(f"x{number}" for number in range(1, x.shape[1] + 1))
    schema = TableSchema(tuple(InputColumn(name) for name in names), output)
    y = class_targets(codes, output.width)
    return TrainingData(
        x, y, replace(description, target=("y",), classes=len(classes)), schema=schema
    )


def _given_weights(data: GivenData, samples: int) -> Array | None:
    if data.weights is None:
        return None
    if data.weights.ndim != 1 or len(data.weights) != samples:
        raise ShapeMismatch(
            f"weights has the shape {data.weights.shape}, but there are {samples} samples",
            ("weights",),
        )
    return np.asarray(data.weights, np.float64)


def _integer_classes(y: Array, ends: NetworkEnds) -> tuple[Label, ...] | None:
    """The classes that a single column of whole numbers stands for; None where it is a number."""
    if y.shape[1] != 1 or ends.outputs == 1 or not (y == np.floor(y)).all():
        return None
    found = np.unique(y)
    if ends.outputs is None:
        is_class = task_of(Column("y"), y[:, 0]) == "classification"
        return tuple(int(label) for label in found) if is_class else None
    if not ends.classifies:
        return None
    if len(found) == ends.outputs:
        return tuple(int(label) for label in found)
    if found[0] >= 0 and found[-1] < ends.outputs:
        return tuple(range(ends.outputs))
    raise ShapeMismatch(
        f"y has {len(found)} different labels, from {found[0]:g} to {found[-1]:g}, "
        f"but the network has {counted(ends.outputs, 'output')}, one for each class",
        ("y",),
    )


def _classes(names: tuple[str, ...], classes: Sequence[Label], ends: NetworkEnds) -> OutputColumns:
    if len(classes) < 2:
        raise OutOfDomain(f"every row has the label {text_of(classes[0])!r}", ("y",))
    output = OutputColumns(
        names, "classification", tuple(classes), one_hot=len(classes) == 2 and ends.outputs == 2
    )
    if ends.outputs not in (None, output.width):
        raise ShapeMismatch(
            f"there are {len(classes)} classes ({', '.join(map(text_of, classes[:5]))}"
            f"{', …' if len(classes) > 5 else ''}), which need {output.width} outputs, "
            f"but the network has {ends.outputs}",
            ("y",),
        )
    return output


def _stored(
    data: StoredData, ends: NetworkEnds, split: SplitRule, datasets: DatasetStore
) -> TrainingData:
    try:
        table = datasets.table(data.dataset)
    except StoredDatasetNotFound as error:
        # The address is right; what is wrong is a value of the body.
        raise UnknownName(str(error), ("dataset",)) from None
    datasets.touch(data.dataset)
    targets = _targets(data, table)
    features = _features(data, table, targets)
    weights = _weight_column(data, table, targets)
    names = [*features, *targets, *weights]
    used = _without_missing(table.select(names), data.missing, len(features))
    inputs, goals = used.select(features), used.select(targets)
    output = _output(goals, ends)
    training = split.training_rows(len(used))
    fills = _fills(inputs, training) if data.missing == "mean" else [None] * len(features)
    schema = TableSchema(
        tuple(
            InputColumn(column.name, column.kind, column.categories, fill)
            for column, fill in zip(inputs.columns, fills, strict=True)
        ),
        output,
    )
    description = DataDescription(
        "dataset",
        data.dataset,
        len(used),
        features=tuple(features),
        target=tuple(targets),
        classes=len(output.classes) or None,
    )
    guess = TargetGuess(targets[0], output.task, "") if len(targets) == 1 else None
    return TrainingData(
        schema.encode_table(inputs),
        schema.encode_target(goals),
        description,
        schema,
        tuple(table_warnings(used.select([*features, *targets]), guess)),
        used.select(weights).values[:, 0] if weights else None,
    )


def _targets(data: StoredData, table: Table) -> list[str]:
    if data.target is None:
        guess = guess_target(table)
        if guess is None:
            raise OutOfDomain("the data set has no second column to predict from", ("target",))
        return [guess.column]
    targets = [data.target] if isinstance(data.target, str) else data.target
    with prefix_location("target"):
        for name in targets:
            table.index(name)
    if len(set(targets)) < len(targets):
        raise OutOfDomain("a target is named twice", ("target",))
    return targets


def _weight_column(data: StoredData, table: Table, targets: Sequence[str]) -> list[str]:
    if data.weights is None:
        return []
    with prefix_location("weights"):
        column = table.columns[table.index(data.weights)]
    if column.kind != "number" or data.weights in targets:
        kind = "the target" if data.weights in targets else f"a {column.kind}"
        raise OutOfDomain(f"{data.weights!r} is {kind}, weights are numbers", ("weights",))
    return [data.weights]


def _features(data: StoredData, table: Table, targets: Sequence[str]) -> list[str]:
    for key, names in (("features", data.features or []), ("leave_out", data.leave_out)):
        with prefix_location(key):
            for name in names:
                table.index(name)
    if data.features is not None:
        twice = [name for name in targets if name in data.features]
        if data.weights in data.features:
            raise OutOfDomain(f"{data.weights!r} is the weight and a feature", ("features",))
        if twice:
            raise OutOfDomain(f"{twice[0]!r} is the target and a feature", ("features",))
        if len(set(data.features)) < len(data.features):
            raise OutOfDomain("a feature is named twice", ("features",))
        found = [name for name in data.features if name not in data.leave_out]
    else:
        found = [
            name
            for place, name in enumerate(table.names)
            if name not in targets
            and name not in data.leave_out
            and name != data.weights
            and not is_identifier(table, place)
            and not np.isnan(table.values[:, place]).all()
        ]
    if not found:
        raise OutOfDomain("no column is left to predict from", ("features",))
    return found


def _without_missing(table: Table, missing: str, features: int) -> Table:
    """The table whose rows may be used; the first `features` columns are features."""
    gaps = np.isnan(table.values)
    if missing == "mean":
        gaps[:, :features] = False
    rows = gaps.any(axis=1)
    if not rows.any():
        return table
    if missing == "drop":
        if rows.all():
            raise OutOfDomain("every row has a missing value", ("missing",))
        return Table(table.columns, table.values[~rows])
    row = int(np.argmax(rows))
    name = table.names[int(np.argmax(gaps[row]))]
    advice = (
        'drop such rows with "missing": "drop"'
        if missing == "mean"
        else 'say "missing": "drop" to leave such rows out, or "mean" to take the mean'
    )
    raise OutOfDomain(
        f"{int(rows.sum()):,} of {len(table):,} rows have missing values; the first is {name!r} "
        f"in row {row + 1}: {advice}",
        ("missing",),
    )


def _fills(inputs: Table, rows: Array) -> list[float | None]:
    """The mean of each number and boolean column over the rows that have it.

    None where none has, and of a category, which is missing by having no indicator.
    """
    values = inputs.values[rows]
    known = ~np.isnan(values)
    counts = known.sum(axis=0)
    sums = np.where(known, values, 0.0).sum(axis=0)
    return [
        float(total / count) if count and column.kind != "category" else None
        for column, total, count in zip(inputs.columns, sums, counts, strict=True)
    ]


def _output(goals: Table, ends: NetworkEnds) -> OutputColumns:
    names, first = goals.names, goals.columns[0]
    if len(names) > 1:
        for column in goals.columns:
            if column.kind != "number":
                raise OutOfDomain(
                    f"several targets have to be numbers, but {column.name!r} is a {column.kind}",
                    ("target",),
                )
        return OutputColumns(names)
    values = goals.values[:, 0]
    classifies = task_of(first, values) == "classification"
    if first.kind == "number" and ends.outputs is not None:
        binary = ends.outputs == 1 and len(np.unique(values)) == 2
        classifies = ends.classifies and (ends.outputs > 1 or binary)
    if not classifies:
        return OutputColumns(names)
    with prefix_location("target"):
        return _classes(names, classes_of(first, values), ends)

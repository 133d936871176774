"""Pictures of the scores of a training: confusion matrix, ROC curves, residuals."""

from collections.abc import Callable, Mapping, Sequence
from math import isnan
from typing import TYPE_CHECKING, Literal

import numpy as np

from core.errors import ShapeMismatch
from core.nn.metrics import predicted_classes
from core.tables.column import text_of
from core.tables.evaluation import class_scores, roc_curve
from core.tables.schema import TableSchema
from service.jobs.job import Job
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

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Show = Literal["confusion", "roc", "residuals"]

Part = Literal["training", "validation", "test", "folds"]
ROWS_OF = {
    "training": "training rows",
    "validation": "validation rows",
    "test": "test rows",
    "folds": "rows, each by the network of the fold that it was kept from",
}
BY_PREFERENCE: Sequence[Part] = ("test", "folds", "validation", "training")


def score_picture(
    store: Store, job: Job, show: Show, part: Part | None, limits: Limits, picture_format: str
) -> bytes:
    """PNG or SVG of the rows of a part, by default the first of `BY_PREFERENCE` that has rows.

    Raises `ShapeMismatch` for a part without rows, and for a picture of the other task.
    """
    from core import plots

    output = _chosen(store, job, part, limits)
    is_of_classes = output.codes is not None
    if (show == "residuals") == is_of_classes:
        fitting = "confusion or roc" if is_of_classes else "residuals"
        raise ShapeMismatch(
            f"the training predicts {'classes' if is_of_classes else 'numbers'}: ask for {fitting}",
            ("query", "show"),
        )
    figure = _DRAW[show](output, table_schema(store, job.id), f"of {_rows(output)}")
    return plots.render(figure, picture_format)


def _chosen(store: Store, job: Job, part: Part | None, limits: Limits) -> PartOutput:
    found = {one.name: one for one in part_outputs(store, job.id, limits)}
    if part in (None, "folds"):
        folds = [fold for fold in fold_outputs(store, job.id, limits) if fold is not None]
        if folds:
            found["folds"] = _joined(folds)
    wanted = BY_PREFERENCE if part is None else (part,)
    for name in wanted:
        if name in found:
            return found[name]
    raise ShapeMismatch(
        f"the training has no {part} rows; there are {', '.join(found)}", ("query", "part")
    )


def _joined(folds: Sequence[PartOutput]) -> PartOutput:
    codes = [fold.codes for fold in folds if fold.codes is not None]
    return PartOutput(
        "folds",
        np.concatenate([fold.rows for fold in folds]),
        np.concatenate([fold.y for fold in folds]),
        np.concatenate([fold.output for fold in folds]),
        np.concatenate(codes) if codes else None,
    )


def _rows(output: PartOutput) -> str:
    return f"{len(output.rows):,} {ROWS_OF[output.name]}"


def _confusion(output: PartOutput, schema: TableSchema | None, rows: str) -> "Figure":
    from core import plots

    probabilities, codes = class_probabilities(output.output), _codes(output)
    scores = class_scores(codes, predicted_classes(output.output), probabilities)
    names = list(map(text_of, class_names(schema, probabilities.shape[1])))
    title = f"Confusion matrix {rows}, accuracy {scores.accuracy:.4g}"
    return plots.confusion_matrix(scores.confusion, names, title)


def _roc(output: PartOutput, schema: TableSchema | None, rows: str) -> "Figure":
    from core import plots

    probabilities, codes = class_probabilities(output.output), _codes(output)
    areas = class_scores(codes, predicted_classes(output.output), probabilities).area
    names = list(map(text_of, class_names(schema, probabilities.shape[1])))
    shown = [1] if len(names) == 2 else range(len(names))
    curves = [
        plots.NamedRoc(names[k], roc_curve(codes == k, probabilities[:, k]), float(areas[k]))
        for k in shown
        if not isnan(areas[k])
    ]
    return plots.roc_curves(curves, f"ROC curves {rows}")


def _residuals(output: PartOutput, schema: TableSchema | None, rows: str) -> "Figure":
    from core import plots

    names = target_names(schema, output.y.shape[1])
    return plots.residuals(output.y, output.output, names, f"Errors {rows}")


def _codes(output: PartOutput) -> np.ndarray:
    if output.codes is None:
        raise TypeError("the rows have no classes")
    return output.codes


_DRAW: Mapping[str, Callable[[PartOutput, TableSchema | None, str], "Figure"]] = {
    "confusion": _confusion,
    "roc": _roc,
    "residuals": _residuals,
}

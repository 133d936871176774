"""How good predictions are: of classes by counts and ranks, of numbers by their errors."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float64, Int

from core.arrays import Array

MAX_ROC_POINTS = 200


@dataclass(frozen=True, eq=False)
class ClassScores:
    """Of each class: precision and recall (NaN where no row is predicted, or none is there)."""

    accuracy: float
    confusion: Int[Array, "classes classes"]
    """Rows by their class, columns by the predicted class."""
    precision: Float64[Array, " classes"]
    recall: Float64[Array, " classes"]
    area: Float64[Array, " classes"]
    """Under the ROC curve of each class against the others; NaN without rows of either."""


@dataclass(frozen=True, eq=False)
class NumberScores:
    """Of each target: R² (NaN where all values are equal), mean absolute and root mean error."""

    r2: Float64[Array, " targets"]
    mean_absolute_error: Float64[Array, " targets"]
    root_mean_squared_error: Float64[Array, " targets"]


@dataclass(frozen=True, eq=False)
class RocCurve:
    """True against false positive rate, from (0, 0) to (1, 1), by falling threshold."""

    false_positive_rate: Float64[Array, " points"]
    true_positive_rate: Float64[Array, " points"]


def class_scores(
    codes: Int[Array, " rows"],
    predicted: Int[Array, " rows"],
    probabilities: Float[Array, "rows classes"],
) -> ClassScores:
    """Compare predicted classes, and the ranks of their probabilities, with the right ones."""
    classes = probabilities.shape[1]
    counts = np.bincount(codes * classes + predicted, minlength=classes**2)
    confusion = counts.reshape(classes, classes)
    hits = np.diag(confusion).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        precision, recall = hits / confusion.sum(axis=0), hits / confusion.sum(axis=1)
    area = np.array([roc_area(codes == k, probabilities[:, k]) for k in range(classes)])
    return ClassScores(float(hits.sum() / len(codes)), confusion, precision, recall, area)


def roc_area(positive: Array, scores: Float[Array, " rows"]) -> float:
    """The probability that a positive row scores above a negative one; a tie counts half.

    Hanley and McNeil, The meaning and use of the area under a receiver operating characteristic
    (ROC) curve, Radiology 143, 1982.
    """
    positives = int(np.count_nonzero(positive))
    negatives = len(positive) - positives
    if not positives or not negatives:
        return float("nan")
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    mean_ranks = np.cumsum(counts) - 0.5 * (counts - 1)
    ranks = float(mean_ranks[inverse][positive].sum())
    return (ranks - 0.5 * positives * (positives + 1)) / (positives * negatives)


def roc_curve(positive: Array, scores: Float[Array, " rows"]) -> RocCurve:
    """At most `MAX_ROC_POINTS` points of the curve, which has both kinds of rows."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(positive[order])
    last_of_ties = np.append(np.nonzero(np.diff(scores[order]))[0], len(scores) - 1)
    if len(last_of_ties) > MAX_ROC_POINTS - 1:
        kept = np.linspace(0, len(last_of_ties) - 1, MAX_ROC_POINTS - 1).round().astype(int)
        last_of_ties = last_of_ties[kept]
    true = hits[last_of_ties]
    false = last_of_ties + 1 - true
    return RocCurve(
        np.append(0.0, false / max(1, len(scores) - hits[-1])),
        np.append(0.0, true / max(1, hits[-1])),
    )


def number_scores(
    y: Float[Array, "rows targets"], output: Float[Array, "rows targets"]
) -> NumberScores:
    """Compare outputs with the right numbers."""
    error = output.astype(np.float64) - y
    spread = ((y - y.mean(axis=0)) ** 2).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        r2 = np.where(spread > 0.0, 1.0 - (error**2).sum(axis=0) / spread, np.nan)
    return NumberScores(
        r2, np.abs(error).mean(axis=0), np.sqrt((error**2).mean(axis=0, dtype=np.float64))
    )

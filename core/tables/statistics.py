"""What a column holds: missing values, range, mean, histogram, and how often each category."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int

from core.arrays import Array
from core.tables.column import Column

HISTOGRAM_BINS = 20


@dataclass(frozen=True, eq=False)
class ColumnStatistics:
    """Statistics over the values that are not missing; None and empty where there are none."""

    missing: int
    distinct: int
    least: float | None
    mean: float | None
    largest: float | None
    edges: Float64[Array, " bins_and_1"]
    """Of the histogram of a number column: equally wide bins from the least to the largest."""
    counts: Int[Array, " bins"]
    """Values in each bin, or of a category or boolean column of each category in its order."""


def column_statistics(column: Column, values: Float64[Array, " rows"]) -> ColumnStatistics:
    """Summarize one column."""
    present = values[~np.isnan(values)]
    missing = len(values) - len(present)
    if column.kind != "number":
        size = max(len(column.categories), 2 if column.kind == "boolean" else 1)
        counts = np.bincount(present.astype(np.intp), minlength=size)
        distinct = int(np.count_nonzero(counts))
        return ColumnStatistics(missing, distinct, None, None, None, np.empty(0), counts)
    distinct = len(np.unique(present))
    if not len(present):
        nothing = np.empty(0, np.intp)
        return ColumnStatistics(missing, 0, None, None, None, np.empty(0), nothing)
    least, largest = float(present.min()), float(present.max())
    scale = max(abs(least), abs(largest), 1.0)  # a sum of large numbers would overflow
    mean = float(np.mean(present / scale)) * scale
    # Halved, the width of a range of floats is a float.
    width = min(max(largest / 2 - least / 2, 0.0) * 2, np.finfo(np.float64).max)
    bins = HISTOGRAM_BINS if distinct > 1 and least + width / HISTOGRAM_BINS > least else 1
    share = np.linspace(0.0, 1.0, bins + 1)
    # The range may be beyond all floats; rounding may not put an edge below the one before.
    between = (1.0 - share) * least + share * largest
    edges = np.maximum.accumulate(np.clip(between, least, largest))
    places = np.clip(np.searchsorted(edges, present, side="right") - 1, 0, bins - 1)
    counts = np.bincount(places, minlength=bins)
    return ColumnStatistics(missing, distinct, least, mean, largest, edges, counts)

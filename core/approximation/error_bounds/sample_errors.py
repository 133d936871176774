"""The largest error of a network at the samples of a table, in exact arithmetic."""

import numpy as np
from flint import fmpq

from core.approximation.error_bounds.sampled_error import SampledError, measured
from core.approximation.polyline.sample_table import SampleTable
from core.approximation.relu.deployment import Network
from core.approximation.relu.exact_polyline import ZERO, ExactPolyline, exactly, float_above

# More samples than this are not compared exactly, and an error in floats is wrong by less than
# this share of the largest number: the room of the λ, and a few roundings.
MAX_SAMPLES, FLOAT_SHARE = 20_000, 2.0**-43


def sample_error(
    table: SampleTable, network: Network, polyline: ExactPolyline | None
) -> SampledError:
    """Return the error at the samples; `polyline` is the network in exact arithmetic, if it is.

    All errors are computed in floats, and those that may be the largest exactly: the result is
    rounded up to a float.
    """
    errors = table.errors(network(table.x))
    error = measured(table.x, errors)
    if polyline is None:
        return error
    scale = max(float(np.abs(u).max()) for u in (table.low, table.high, network.values))
    doubt = FLOAT_SHARE * scale * float(table.weights.max())
    nearest = np.flatnonzero(errors >= error.max_error - 2.0 * doubt)
    largest, worst = ZERO, int(nearest[0])
    for i in nearest[:MAX_SAMPLES].tolist():
        off = _error(table, i, polyline)
        if off > largest:
            largest, worst = off, i
    found = float_above(largest)
    if len(nearest) > MAX_SAMPLES:
        found = max(found, error.max_error + doubt)
    return SampledError(found, float(table.x[worst]), error.rms_error)


def _error(table: SampleTable, i: int, polyline: ExactPolyline) -> fmpq:
    """w · the distance of NN(x) from [low, high] at one sample."""
    height = polyline.at(table.x[i].item())
    off = max(exactly(table.low[i].item()) - height, height - exactly(table.high[i].item()), ZERO)
    return exactly(table.weights[i].item()) * off

"""The scaling of a training's data, by its training rows."""

import numpy as np

from core.arrays import Array
from core.tables.scaling import Scaling, robust_scaling, standard_scaling
from service.submission.training_data import TrainingData


def scaling_of(data: TrainingData, rows: Array, *, robust: bool, scale_targets: bool) -> Scaling:
    """Scale every number column, and with `scale_targets` the targets; indicators stay 0 and 1."""
    x, y = data.x[rows].astype(np.float64), data.y[rows].astype(np.float64)
    measure = robust_scaling if robust else standard_scaling
    shift, scale = measure(x)
    is_number = _is_number(data)
    shift, scale = np.where(is_number, shift, 0.0), np.where(is_number, scale, 1.0)
    inputs = tuple(shift.tolist()), tuple(scale.tolist())
    if not scale_targets:
        return Scaling(*inputs)
    y_shift, y_scale = standard_scaling(y)
    return Scaling(*inputs, tuple(y_shift.tolist()), tuple(y_scale.tolist()))


def _is_number(data: TrainingData) -> Array:
    """Which inputs are numbers of a column rather than indicators, true or false."""
    if data.schema is None:
        return np.ones(data.x.shape[1], bool)
    return np.array(
        [column.kind == "number" for column in data.schema.inputs for _ in column.input_names], bool
    )

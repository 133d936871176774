"""x and y of a job, from its data."""

from pathlib import Path

import numpy as np

from core.arrays import Array
from core.training.config import TrainingConfig
from service.jobs.training.worker_cache import Data


def load_xy(data: Data, specification: TrainingConfig) -> tuple[Array, Array]:
    """Give x (samples, d_x) and y (samples, d_y) as the network is trained on them.

    y has a column more where the samples have weights.

    They are views of the rows or of the file, or scaled copies in the precision of the training.
    """
    x, y = np.split(load_rows(data), [specification.sizes[0]], axis=1)
    return specification.scaled(x, y)


def load_rows(data: Data) -> Array:
    """Give the rows (samples, d_x + d_y); those of a file are mapped into memory."""
    rows: Array = np.load(data, mmap_mode="r") if isinstance(data, Path) else data
    return rows

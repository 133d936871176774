"""x and y of a job, from its data."""

from pathlib import Path

import numpy as np

from core.arrays import Array
from core.training.config import Specification
from service.jobs.training.worker_cache import Data


def samples_of(data: Data, specification: Specification) -> tuple[Array, Array]:
    """Give x (samples, d_x) and y (samples, d_y), views of the rows or of the file."""
    x, y = np.split(rows_of(data), [specification.sizes[0]], axis=1)
    return x, y


def rows_of(data: Data) -> Array:
    """Give the rows (samples, d_x + d_y); those of a file are read when they are looked at."""
    rows: Array = np.load(data, mmap_mode="r") if isinstance(data, Path) else data
    return rows

"""Compile every kernel into the cache: `python -m core.training.compiled.warm_up [--portable]`.

Takes about 20 seconds of one core, once per version and processor. `--portable` compiles for all
processors of this architecture that have AVX2 or NEON, for an image that runs elsewhere.
"""

import sys

import numpy as np

from core.training.compiled import cache


def compile_kernels(portable: bool = False) -> None:
    """Compile what is not in the cache yet; raises `OSError` where that cannot be written."""
    path = cache.portable_directory() if portable else cache.directory()
    if (path / cache.COMPLETE).exists():
        return
    cache.use(path)
    from core.training.compiled.fused_adam import adapt
    from core.training.compiled.kernels.loops import evaluate, train_batches, train_full_batch
    from core.training.compiled.kernels.optimizers import ADAM, MAX_OPTIMIZER_PARAMETERS
    from core.training.compiled.kernels.output_layer import SQUARED
    from core.training.compiled.layout import Layout

    for dtype in (np.dtype(np.float64), np.dtype(np.float32)):
        layout, sizes = Layout((1, 1), dtype, 1), np.array([1, 1])
        network = (sizes, np.zeros(1, np.int64), SQUARED)
        optimizer = (ADAM, np.zeros(MAX_OPTIMIZER_PARAMETERS))
        head = (layout.array, layout.offsets, layout.size, *network, *optimizer, layout.block)
        rows, losses = np.zeros((2, 1), dtype), np.empty(0)
        train_full_batch(*head, 1, 1, losses)
        train_batches(*head, rows, rows, np.zeros((1, 2), np.int64), 1, 0, 1, losses)
        samples = (rows, rows, np.arange(2), np.empty_like(rows))
        evaluate(layout.array, layout.offsets, *network, layout.block, *samples)
        vector, number = np.zeros(1, dtype), dtype.type(0)
        adapt(vector, vector, vector, vector, number, number, number, dtype.type(1))
    (path / cache.COMPLETE).touch()


if __name__ == "__main__":
    compile_kernels("--portable" in sys.argv)

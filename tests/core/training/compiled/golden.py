"""Digests of trainings, which are the same on every processor.

`python golden.py FILE PRECISION` prints that of the kernels in a file (with an empty name, of those
in use), `python golden.py FOLDER PRECISION PROCESSOR…` compiles the kernels for processors. It does
so once: numba needs 9 s, LLVM 0.1 s for each processor.
"""

import sys
from hashlib import sha256
from pathlib import Path

import numpy as np

from core.nn.initialization import initial_layers
from core.training.checkpoint import first_checkpoint
from core.training.compiled import cache
from core.training.compiled.arithmetic import LANES
from core.training.compiled.warm_up import emitted, module_of
from core.training.compiled_backend.backend import CompiledBackend
from core.training.config import TrainingConfig
from core.training.optimizers import Adam, GradientDescent, Momentum
from core.training.trainer import Trainer

# A change of these is a change of the arithmetic, whose name then needs a new number.
DIGESTS = {
    "float64": "1ebc5a24913ea1810e25051ac31fae44306ee95a40c448ee78934181eb9a546d",
    "float32": "bb136dc309b5281daa3b43669c5f0af6307717bcce6fce4ad4b162f1f6a60614",
}
# sizes, hidden activation, last activation, loss, samples, optimizer
CASES = [
    ((2, 3, 2), "sigmoid", "sigmoid", "squared", 1, GradientDescent(eta=0.1)),
    ((2, 16, 1), "tanh", "sigmoid", "binary_cross_entropy", 200, GradientDescent(eta=0.5)),
    ((5, 33, 20, 3), "softplus", "softmax", "cross_entropy", 77, Adam(eta=0.01)),
    ((2, 64, 64, 1), "relu", "identity", "squared", 300, Momentum(eta=0.01)),
    ((3, 7, 4), "leaky_relu", "softmax", "squared", 50, Adam(eta=0.01)),
]


def digest(precision: str) -> str:
    """Of the losses and parameters of 40 iterations of each case, without the draws of NumPy."""
    total = sha256()
    for sizes, hidden, last, loss, samples, optimizer in CASES:
        names = (hidden,) * (len(sizes) - 2) + (last,)
        config = TrainingConfig(
            sizes, names, loss, optimizer, iterations=40, precision=precision, arithmetic=LANES
        )
        x = _numbers(samples, sizes[0])
        y = _numbers(samples, sizes[-1]) % 1.0
        start = first_checkpoint(config, initial_layers(sizes, names, np.random.default_rng(0)))
        parameters = (0.5 * _numbers(1, len(start.parameters))[0]).astype(precision)

        def bind(parameters, gradient, moments, config=config, x=x, y=y):
            return CompiledBackend(config, x, y, parameters, moments)

        object.__setattr__(start, "parameters", parameters)
        trainer = Trainer(config, samples, start, bind)
        total.update(trainer.run(40)["loss"].tobytes())
        total.update(trainer.checkpoint().parameters.tobytes())
    return total.hexdigest()


def _numbers(rows: int, columns: int) -> np.ndarray:
    """Numbers in [-1, 1) without a function of any library: multiples of the golden ratio."""
    count = np.arange(1, rows * columns + 1)
    return (2.0 * (count * 0.6180339887498949 % 1.0) - 1.0).reshape(rows, columns)


def compile_for(folder: Path, precision: str, processors: list[str]) -> None:
    """Write a file with the name of each processor."""
    module = module_of([(name, precision) for name in ("train_full_batch", "evaluate")])
    for processor in processors:
        (folder / processor).write_bytes(emitted(module, processor))


if __name__ == "__main__":
    place, precision, *processors = sys.argv[1:]
    if processors:
        compile_for(Path(place), precision, processors)
    else:
        if place:
            cache.use(Path(place))
        sys.stdout.write(digest(precision))

"""32 restarts on one core beside JAX, which trains them by vmap: python -m benchmarks.restarts_jax.

JAX makes all iterations of all networks in one compiled loop and keeps no losses; ours are trained
one after the other by the compiled kernels, with their losses and, as in a job, without frames.
Processor time, in turns.
"""

import os

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_ENABLE_X64"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"

from collections.abc import Callable
from statistics import median
from time import process_time

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.interleave import interleaved, ratio
from benchmarks.table import row
from core.nn.initialization import initial_layers
from core.training.checkpoint import first_checkpoint
from core.training.compiled.arithmetic import LANES
from core.training.config import TrainingConfig
from core.training.optimizers import GradientDescent
from core.training.trainer import LocalTrainer

RESTARTS, ROUNDS, ETA = 32, 5, 0.5
SHAPES = [
    ((2, 3, 1), 4, 50_000, "≤ 2"),
    ((2, 3, 1), 4, 5000, "≤ 2"),
    ((2, 16, 1), 200, 500, "≤ 0.6"),
]


def loss(parameters, x, y):
    """Mean of ½ Σ (ŷ - y)² of a network of sigmoids."""
    for weights, biases in parameters:
        x = jax.nn.sigmoid(x @ weights.T + biases)
    return 0.5 * jnp.mean(jnp.sum((x - y) ** 2, axis=1))


@jax.jit
def train(parameters, x, y, count):
    """Gradient descent on all networks at once."""

    def iterate(_, state):
        gradients = jax.vmap(jax.grad(loss), (0, None, None))(state, x, y)
        return jax.tree.map(lambda w, g: w - ETA * g, state, gradients)

    return jax.lax.fori_loop(0, count, iterate, parameters)


def used(work: Callable[[], object]) -> float:
    """The processor time of a call."""
    begin = process_time()
    work()
    return process_time() - begin


def compare(sizes: tuple[int, ...], samples: int, iterations: int, bar: str) -> None:
    """Check that both reach the same parameters, then print a row."""
    generator = np.random.default_rng(0)
    x = generator.normal(size=(samples, sizes[0]))
    y = generator.uniform(size=(samples, sizes[-1]))
    config = TrainingConfig(
        sizes,
        ("sigmoid",) * (len(sizes) - 1),
        optimizer=GradientDescent(eta=ETA),
        iterations=iterations,
        arithmetic=LANES,
    )
    drawn = [initial_layers(sizes, config.activations, generator) for _ in range(RESTARTS)]
    starts = [first_checkpoint(config, layers) for layers in drawn]
    stacked = [
        tuple(
            jnp.stack([getattr(layers[number], name) for layers in drawn])
            for name in ("weights", "biases")
        )
        for number in range(len(sizes) - 1)
    ]

    def ours() -> list[LocalTrainer]:
        trainers = [LocalTrainer(config, x, y, start, keeps_frames=False) for start in starts]
        for trainer in trainers:
            trainer.run(iterations)
        return trainers

    def theirs() -> list[tuple[jax.Array, jax.Array]]:
        return jax.block_until_ready(train(stacked, x, y, iterations))

    for trainer, weights in zip(ours(), theirs()[0][0], strict=True):
        mine = trainer.checkpoint().layers(config)[0].weights
        np.testing.assert_allclose(mine, weights, rtol=1e-6, atol=1e-9)
    work = {"ours": lambda: used(ours), "theirs": lambda: used(theirs)}
    measured = interleaved(work, ROUNDS)
    per_iteration = {name: 1e6 * median(times) / iterations for name, times in measured.items()}
    row(
        f"{RESTARTS} × {'-'.join(map(str, sizes))} × {samples}, {iterations} iterations",
        *(f"{per_iteration[name]:.0f} µs" for name in ("ours", "theirs")),
        f"{ratio(measured['ours'], measured['theirs']):.2f}",
        bar,
    )


if __name__ == "__main__":
    for shape in SHAPES:
        compare(*shape)

"""Training beside its peers: one table. Run by `make bench`, or: python benchmarks/training.py.

Every peer first makes the same iterations from the same parameters and has to arrive at the same
ones. Then all are run in turns on one core. Ours is the whole call as a job worker makes it.
`--processor haswell` measures our kernels as an older processor has them; its libraries are chosen
by variables of the environment, which benchmarks/README.md names.
"""

import argparse
import os
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import torch
from interleave import interleaved, ratio, seconds_per_iteration
from peers.chainrule import Core, Worker
from peers.jax_fori import JaxFori
from peers.jax_jit import JaxJit
from peers.naive_numpy import NaiveNumpy
from peers.products import Products
from peers.pytorch import PyTorch
from peers.pytorch_by_hand import PyTorchByHand
from peers.scikit_learn import ScikitLearn
from problem import Problem
from threadpoolctl import threadpool_limits

from core.training.compiled import cache
from core.training.compiled.entry_points import KERNELS
from core.training.compiled.warm_up import emitted, module_of
from core.training.optimizers import Adam

SHAPES = [
    {"sizes": (2, 3, 2), "samples": 1},
    {"sizes": (2, 16, 1), "samples": 200},
    {"sizes": (2, 64, 64, 1), "samples": 1000},
    {"sizes": (64, 256, 256, 10), "samples": 4096},
    {
        "sizes": (784, 512, 256, 10),
        "samples": 1280,
        "output": "softmax",
        "loss": "cross_entropy",
        # scikit-learn adds its epsilon elsewhere; where it is negligible all agree.
        "optimizer": Adam(eta=0.001, epsilon=1e-20),
        "batch_size": 128,
    },
]
PEERS = (NaiveNumpy, ScikitLearn, PyTorch, PyTorchByHand, JaxJit, JaxFori, Products)
COLUMNS = (
    "its NumPy loop",
    "naive NumPy",
    "scikit-learn",
    "PyTorch",
    "PyTorch by hand",
    "JAX jit",
    "JAX fori_loop",
    "bare products",
    "its own loop",
)


def main() -> None:
    """Print the table, in microseconds, and ratios to each peer."""
    options = arguments()
    # One core, whatever a peer's libraries think: JAX has no other setting.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    torch.set_num_threads(1)
    with threadpool_limits(1), TemporaryDirectory() as folder:
        if options.processor:
            use_kernels_for(options.processor, Path(folder))
        print_table(options)


def use_kernels_for(processor: str, folder: Path) -> None:
    """Compile our kernels for a processor by its LLVM name, and use them here."""
    (folder / processor).write_bytes(emitted(module_of(KERNELS), processor))
    cache.use(folder / processor)


def print_table(options: argparse.Namespace) -> None:
    """One row for each shape, precision and activation."""
    print("| shape | precision | hidden | µs | ÷ " + " | ÷ ".join(COLUMNS) + " |")
    print("|---|---|---|" + "---:|" * (1 + len(COLUMNS)))
    for precision in options.precisions:
        for shape in SHAPES:
            for hidden in options.hidden:
                problem = Problem(hidden=hidden, precision=precision, **shape)
                require_equal(problem)
                print(row(problem, options.rounds, options.seconds), flush=True)


def require_equal(problem: Problem) -> None:
    """Ten iterations from the same parameters lead all of them to the same place."""
    tolerance = 1e-6 if problem.precision == "float64" else 1e-4
    for kind in (Core, NaiveNumpy, PyTorch, PyTorchByHand, JaxJit, JaxFori, ScikitLearn):
        same = problem.as_scikit_learn_can() if kind is ScikitLearn else problem
        ours, theirs = Core(same.as_accepted()), kind(same)
        for peer in (ours, theirs):
            peer.run(10)
        for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
            for a, b in zip(one, other, strict=True):
                np.testing.assert_allclose(a, np.asarray(b), rtol=tolerance, atol=tolerance)


def row(problem: Problem, rounds: int, seconds: float) -> str:
    """Measure that problem."""
    comparable = problem.as_scikit_learn_can()
    peers = {"its own loop": Core(problem.as_accepted()), "its NumPy loop": Core(problem)}
    peers["comparable"] = Core(comparable.as_accepted())
    peers |= {kind.name: kind(problem) for kind in PEERS}
    measures = {
        name: lambda peer=peer: seconds_per_iteration(peer, seconds) for name, peer in peers.items()
    }
    worker = Worker(problem.as_accepted())
    times = interleaved({"ours": worker.seconds_per_iteration, **measures}, rounds)
    ratios = [
        ratio(times["comparable" if name == "scikit-learn" else "ours"], times[name])
        for name in COLUMNS
    ]
    cells = [problem.name, problem.precision, problem.hidden, f"{1e6 * median(times['ours']):.1f}"]
    return "| " + " | ".join([*cells, *(f"{one:.3f}" for one in ratios)]) + " |"


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.2, help="of each peer in each round")
    parser.add_argument("--precisions", nargs="+", default=["float64", "float32"])
    parser.add_argument("--hidden", nargs="+", default=["sigmoid", "relu"])
    parser.add_argument("--processor", help="for which our kernels are compiled: haswell, znver4")
    return parser.parse_args()


if __name__ == "__main__":
    main()

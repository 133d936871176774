"""Estimated and measured processor times of random trainings: python -m benchmarks.estimates.

Each training is what a worker does in one call, from the checkpoint of its first iteration to the
checkpoint of its last. Trainings by L-BFGS are counted for themselves: how often a line search
evaluates the loss is not known beforehand. With --fit it prints rates for
`core.training_time.SECONDS`.
"""

import argparse
import os
import sys
from dataclasses import replace
from time import process_time

import numpy as np

from core.arrays import Array
from core.nn.initialization import initial_layers
from core.training.checkpoint import first_checkpoint
from core.training.compiled.arithmetic import LANES, NUMPY, Arithmetic
from core.training.compiled_backend.coverage import is_covered
from core.training.config import EarlyStopping, TrainingConfig
from core.training.optimizers import OPTIMIZERS, Optimizer
from core.training_time import SECONDS, Work, processor_time, work_of
from service.jobs.training.config_json import to_text
from service.jobs.training.task import train_slice

HIDDEN = ("sigmoid", "tanh", "relu", "leaky_relu", "softplus", "identity")
ENDS = (
    ("squared", "identity"),
    ("squared", "sigmoid"),
    ("binary_cross_entropy", "sigmoid"),
    ("cross_entropy", "softmax"),
)
BUSY_SECONDS = 0.1
"""The processor time that a training is to take, by its estimate."""
GOAL = 0.95


def random_training(
    arithmetic: Arithmetic, generator: np.random.Generator
) -> tuple[TrainingConfig, int]:
    """One that the arithmetic covers, and its number of samples."""
    while True:
        loss, last = ENDS[generator.integers(len(ENDS))]
        depth = int(generator.integers(1, 4))
        widest = 128 if arithmetic == LANES else 512
        hidden = [_log_uniform(generator, 2, widest) for _ in range(depth)]
        d_out = int(generator.integers(2, 11)) if last == "softmax" else 1
        samples = _log_uniform(generator, 4, 4000)
        config = TrainingConfig(
            (_log_uniform(generator, 1, 60), *hidden, d_out),
            (*generator.choice(HIDDEN, depth).tolist(), last),
            loss,
            _optimizer(generator),
            precision=str(generator.choice(["float64", "float32"])),
        )
        if config.optimizer.name != "lbfgs" and generator.random() < 0.4:
            config = replace(config, batch_size=_log_uniform(generator, 1, samples))
        if samples >= 20 and generator.random() < 0.2:
            config = replace(
                config, validation_fraction=0.2, early_stopping=EarlyStopping(patience=10**6)
            )
            config = replace(
                config, batch_size=min(config.batch_size or samples, samples // 2) or None
            )
            if config.optimizer.name == "lbfgs":
                config = replace(config, batch_size=None)
        if arithmetic == NUMPY or is_covered(config):
            config = replace(config, arithmetic=arithmetic)
            short, long = (
                sum(processor_time(replace(config, iterations=count), samples))
                for count in (100, 10_100)
            )
            iterations = max(2, round(10_000 * BUSY_SECONDS / (long - short)))
            return replace(config, iterations=iterations), samples


def _optimizer(generator: np.random.Generator) -> Optimizer:
    """With steps so small that no training diverges; L-BFGS in one training of ten."""
    others = [name for name in OPTIMIZERS if name != "lbfgs"]
    name = "lbfgs" if generator.random() < 0.1 else str(generator.choice(others))
    return OPTIMIZERS[name]() if name == "lbfgs" else OPTIMIZERS[name](eta=1e-4)


def _log_uniform(generator: np.random.Generator, low: int, high: int) -> int:
    return round(float(np.exp(generator.uniform(np.log(low), np.log(high)))))


def measured(
    config: TrainingConfig, samples: int, generator: np.random.Generator
) -> tuple[float, int]:
    """The processor time of the training, and the iterations that it made: of L-BFGS fewer."""
    x = generator.normal(size=(samples, config.sizes[0]))
    y = generator.uniform(size=(samples, config.sizes[-1]))
    if config.loss == "cross_entropy":
        y = np.eye(config.sizes[-1])[y.argmax(axis=1)]
    layers = initial_layers(config.sizes, config.activations, generator)
    start = first_checkpoint(config, layers).to_bytes()
    begin = process_time()
    step = train_slice(to_text(config), np.hstack([x, y]), start, 3600.0)
    return process_time() - begin, step.iteration


def main() -> None:
    """Print the quantiles of estimate ÷ measurement, and the share within a factor of 2."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fit", action="store_true", help="print rates that fit these trainings")
    parser.add_argument("--worst", type=int, default=0, help="how many of the worst to print")
    given = parser.parse_args()
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":  # as in a worker
        os.environ["OPENBLAS_NUM_THREADS"] = "1"
        os.execv(  # noqa: S606 - this program again
            sys.executable, [sys.executable, "-m", "benchmarks.estimates", *sys.argv[1:]]
        )
    for arithmetic in (NUMPY, LANES):
        generator = np.random.default_rng(given.seed)
        measured(*random_training(arithmetic, generator), generator)  # imports and loads
        trainings, times = [], []
        for _ in range(given.count):
            config, samples = random_training(arithmetic, generator)
            time, made = measured(config, samples, generator)
            trainings.append((replace(config, iterations=made), samples))
            times.append(time)
        estimates = [sum(processor_time(*training)) for training in trainings]
        ratios = np.array(estimates) / times
        searched = np.array([config.optimizer.name == "lbfgs" for config, _ in trainings])
        _report(arithmetic, ratios[~searched])
        if searched.any():
            _report(f"{arithmetic}, L-BFGS", ratios[searched])
        order = np.argsort(np.abs(np.log(ratios)))[::-1][: given.worst]
        for index in order:
            print(f"  {ratios[index]:.2f} {times[index]:.3f} s", *trainings[index])
        if given.fit:
            _fit(arithmetic, trainings, times)


def _report(name: str, ratios: Array) -> None:
    share = np.mean((ratios >= 0.5) & (ratios <= 2.0))
    low, middle, high = np.quantile(ratios, [0.025, 0.5, 0.975])
    print(
        f"{name}: {share:.0%} of {len(ratios)} within a factor of 2 (goal {GOAL:.0%}); "
        f"estimate ÷ measurement {middle:.2f}, 95 % between {low:.2f} and {high:.2f}"
    )


def _fit(
    arithmetic: Arithmetic, trainings: list[tuple[TrainingConfig, int]], times: list[float]
) -> None:
    """Rates with the least errors of the logarithm, which start from those of the table."""
    from scipy.optimize import least_squares

    for precision in ("float64", "float32"):
        before = SECONDS[arithmetic, precision]
        of_it = [
            (work_of(*training), time)
            for training, time in zip(trainings, times, strict=True)
            if training[0].precision == precision
        ]
        counts = np.array([work for work, _ in of_it])
        wanted = np.log([time for _, time in of_it])

        def errors(logs: Array, counts: Array = counts, wanted: Array = wanted) -> Array:
            return np.log(counts @ np.exp(logs)) - wanted

        start = np.log(np.maximum(before, 1e-12))
        fitted = least_squares(errors, start, bounds=(start - 5.0, start + 5.0), loss="soft_l1")
        rates = Work(*(float(f"{rate:.2g}") for rate in np.exp(fitted.x)))
        print(f"    ({arithmetic!r}, {precision!r}): {rates},")


if __name__ == "__main__":
    main()

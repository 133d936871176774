"""The preset for tables beside scikit-learn's networks behind a StandardScaler, on equal splits.

    python benchmarks/tabular.py [splits]

Errors are shares of wrong rows, or of regressions RMSE over the standard deviation; times are those
of fitting, one thread each.
"""

import sys
import warnings
from time import process_time

import numpy as np
from sklearn import datasets
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from core.neural_network import NeuralNetwork
from core.training.checkpoint import first_checkpoint
from core.training.trainer import LocalTrainer
from service.jobs.training.dataset import load_xy
from service.limits import Limits
from service.schemas.training.request import TrainRequest
from service.settings import Settings
from service.submission.training import TrainingSubmission

FLOOR = 0.003
"""Added to each error before ratios are taken: an error of 0 has none."""


def tables():
    """Name, x, y and whether y is of classes."""
    for name in ("iris", "wine", "breast_cancer", "digits"):
        bunch = getattr(datasets, f"load_{name}")()
        yield name, bunch.data, bunch.target, True
    bunch = datasets.load_diabetes()
    yield "diabetes", bunch.data, bunch.target, False
    for samples, features, classes in ((1000, 5, 2), (3000, 20, 4), (20000, 20, 3)):
        x, y = datasets.make_classification(
            samples, features, n_informative=max(3, features // 3), n_redundant=0,
            n_classes=classes, random_state=0,
        )  # fmt: skip
        yield f"classification {samples}×{features}", x, y, True
    yield "moons 1000×2", *datasets.make_moons(1000, noise=0.25, random_state=0), True
    for make in (datasets.make_friedman1, datasets.make_friedman2, datasets.make_friedman3):
        x, y = make(2000, noise=0.1, random_state=0)
        yield make.__name__[5:] + " 2000", x, y, False
    x, y = datasets.make_regression(5000, 20, noise=10.0, random_state=0)
    yield "regression 5000×20", x, y, False


def theirs(x, y, of_classes, seed):
    """A function that predicts, trained with the defaults."""
    kind = MLPClassifier if of_classes else MLPRegressor
    return make_pipeline(StandardScaler(), kind(random_state=seed)).fit(x, y).predict


def ours(x, y, of_classes, seed):
    """The same with the preset, by the service's own way from a request to a network."""
    request = TrainRequest(
        data={"x": x, "y": y.astype(float).reshape(-1, 1)},
        preset="tabular",
        architecture={"hidden": [128], "seed": seed},
        seed=seed,
    )
    submission = TrainingSubmission.of(request, Limits(Settings()), lambda: None)
    config = submission.specification
    rows = np.hstack([submission.x, submission.y])
    trainer = LocalTrainer(
        config, *load_xy(rows, config), first_checkpoint(config, submission.layers)
    )
    trainer.run(config.iterations)
    network = NeuralNetwork(trainer.checkpoint().layers(config))

    def predict(x):
        output = network.forward(x).output
        if not of_classes:
            return output[:, 0]
        return output.argmax(axis=1) if output.shape[1] > 1 else (output[:, 0] > 0.5).astype(int)

    return predict


def measured(fit, x, y, of_classes, seed):
    """Error on a quarter of the rows, and seconds to fit the others."""
    parts = train_test_split(
        x, y, test_size=0.25, random_state=seed, stratify=y if of_classes else None
    )
    x_train, x_test, y_train, y_test = parts
    start = process_time()
    predict = fit(x_train, y_train, of_classes, seed)
    seconds = process_time() - start
    error = predict(x_test) - y_test
    share = np.mean(error != 0) if of_classes else np.sqrt(np.mean(error**2)) / np.std(y)
    return share, seconds


def main() -> None:
    """Print a line for each table, and the ratios over all."""
    splits = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    warnings.simplefilter("ignore", ConvergenceWarning)
    results = []
    print(f"{'':28s}{'scikit-learn':>18s}{'Chainrule':>18s}   (error, seconds; {splits} splits)")
    for name, x, y, of_classes in tables():
        pair = [
            np.mean([measured(fit, x, y, of_classes, seed) for seed in range(splits)], axis=0)
            for fit in (theirs, ours)
        ]
        results.append(pair)
        print(f"{name:28s}" + "".join(f"{e:10.4f} {t:6.2f} s" for e, t in pair), flush=True)
    errors, seconds = np.moveaxis(np.array(results), 2, 0)
    ratio = np.exp(np.mean(np.log((errors[:, 1] + FLOOR) / (errors[:, 0] + FLOOR))))
    worst = (errors[:, 1] - errors[:, 0]).max()
    time = seconds[:, 1].sum() / seconds[:, 0].sum()
    print(f"error {ratio:.2f} of theirs (geometric mean), at worst {worst:+.4f}; time {time:.2f}")


with threadpool_limits(1):
    main()

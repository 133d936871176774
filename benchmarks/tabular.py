"""The preset for tables beside scikit-learn's networks and RealMLP, on equal splits.

    python benchmarks/tabular.py [--splits 10] [--tables iris wine …] [--methods …] [--add FILE]

Errors are shares of wrong rows, or of regressions RMSE over the standard deviation; times are
processor times of fitting, one thread each. `--add` keeps the figures in a JSON file, so that
tables may be measured one after the other; the summary is of all in the file.
"""

import json
import sys
import warnings
from argparse import ArgumentParser
from pathlib import Path
from time import process_time

import numpy as np
from sklearn import datasets
from sklearn.compose import TransformedTargetRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from core.neural_network import NeuralNetwork
from core.training.checkpoint import first_checkpoint
from core.training.ensemble.averaging import averaged_network
from core.training.trainer import LocalTrainer
from service.jobs.restarts.state import Restart
from service.jobs.training.dataset import load_xy
from service.limits import Limits
from service.schemas.training.request import TrainRequest
from service.settings import Settings
from service.submission.presets import TABULAR
from service.submission.training import TrainingSubmission

FLOOR = 0.003
"""Added to each error before ratios are taken: an error of 0 has none."""
MEMBERS = 5


def classification(samples, features, classes):
    """A generated set: a third of its features inform."""
    return datasets.make_classification(
        samples, features, n_informative=max(3, features // 3), n_redundant=0,
        n_classes=classes, random_state=0,
    )  # fmt: skip


def bundled(load):
    """x and y of a set that comes with scikit-learn."""
    bunch = load()
    return bunch.data, bunch.target


TABLES = {
    "iris": (True, lambda: bundled(datasets.load_iris)),
    "wine": (True, lambda: bundled(datasets.load_wine)),
    "breast_cancer": (True, lambda: bundled(datasets.load_breast_cancer)),
    "digits": (True, lambda: bundled(datasets.load_digits)),
    "diabetes": (False, lambda: bundled(datasets.load_diabetes)),
    "classification_1000x5": (True, lambda: classification(1000, 5, 2)),
    "classification_3000x20": (True, lambda: classification(3000, 20, 4)),
    "classification_100000x20": (True, lambda: classification(100_000, 20, 3)),
    "moons_1000x2": (True, lambda: datasets.make_moons(1000, noise=0.25, random_state=0)),
    "friedman1_2000": (False, lambda: datasets.make_friedman1(2000, noise=0.1, random_state=0)),
    "friedman2_2000": (False, lambda: datasets.make_friedman2(2000, noise=0.1, random_state=0)),
    "friedman3_2000": (False, lambda: datasets.make_friedman3(2000, noise=0.1, random_state=0)),
    "regression_5000x20": (
        False,
        lambda: datasets.make_regression(5000, 20, noise=10.0, random_state=0),
    ),
}
"""Whether y is of classes, and how x and y are made."""


def scikit_learn(x, y, of_classes, seed):
    """A function that predicts, trained with the defaults."""
    kind = MLPClassifier if of_classes else MLPRegressor
    return make_pipeline(StandardScaler(), kind(random_state=seed)).fit(x, y).predict


def scikit_learn_scaled(x, y, of_classes, seed):
    """The same, with the targets of a regression standardized too."""
    if of_classes:
        return scikit_learn(x, y, of_classes, seed)
    inner = make_pipeline(StandardScaler(), MLPRegressor(random_state=seed))
    return TransformedTargetRegressor(inner, transformer=StandardScaler()).fit(x, y).predict


def real_mlp(x, y, of_classes, seed):
    """RealMLP_TD_S of pytabkit, without its validation rows going unused."""
    from pytabkit import RealMLP_TD_S_Classifier, RealMLP_TD_S_Regressor

    kind = RealMLP_TD_S_Classifier if of_classes else RealMLP_TD_S_Regressor
    model = kind(device="cpu", random_state=seed, n_threads=1, verbosity=0)
    return model.fit(x.astype(np.float32), y).predict


def chainrule(x, y, of_classes, seed, members=None):
    """The preset, by the service's own way from a request to a network."""
    request = TrainRequest(
        data={"x": x, "y": y.astype(float).reshape(-1, 1)},
        preset="tabular",
        architecture={"hidden": list(TABULAR.hidden), "seed": seed * MEMBERS},
        seed=seed,
        ensemble=members,
    )
    submission = TrainingSubmission.of(request, Limits(Settings()), lambda: None)
    config = submission.specification
    data = load_xy(np.hstack([submission.x, submission.y]), config)

    def trained(checkpoint):
        trainer = LocalTrainer(config, *data, checkpoint, keeps_frames=members is None)
        trainer.run(config.iterations)
        return trainer.checkpoint().layers(config)

    if members is None:
        network = NeuralNetwork(trained(first_checkpoint(config, submission.layers)))
    else:
        starts = [Restart(seed * MEMBERS + number).state(config) for number in range(members)]
        network = NeuralNetwork(averaged_network([trained(start) for start in starts]))

    def predict(x):
        output = network.forward(x).output
        if not of_classes:
            return output[:, 0]
        return output.argmax(axis=1) if output.shape[1] > 1 else (output[:, 0] > 0.5).astype(int)

    return predict


def chainrule_five(x, y, of_classes, seed):
    """Five seeds of it, averaged."""
    return chainrule(x, y, of_classes, seed, MEMBERS)


METHODS = {
    "scikit-learn": scikit_learn,
    "scikit-learn, scaled y": scikit_learn_scaled,
    "RealMLP_TD_S": real_mlp,
    "Chainrule": chainrule,
    "Chainrule, five seeds": chainrule_five,
}


def measured(fit, x, y, of_classes, seed):
    """Error on a quarter of the rows, and seconds to fit the others."""
    parts = train_test_split(
        x, y, test_size=0.25, random_state=seed, stratify=y if of_classes else None
    )
    x_train, x_test, y_train, y_test = parts
    start = process_time()
    predict = fit(x_train, y_train, of_classes, seed)
    seconds = process_time() - start
    predicted = np.asarray(predict(x_test)).reshape(y_test.shape)
    error = predicted - y_test
    share = np.mean(error != 0) if of_classes else np.sqrt(np.mean(error**2)) / np.std(y)
    return [float(share), seconds]


def summarize(results):
    """Print the ratios to Chainrule over the tables that both have."""
    for name in METHODS:
        common = [of for of in results.values() if name in of and "Chainrule" in of]
        if not common or name == "Chainrule":
            continue
        ours = np.array([np.mean(of["Chainrule"], axis=0) for of in common])
        theirs = np.array([np.mean(of[name], axis=0) for of in common])
        logs = np.log((ours[:, 0] + FLOOR) / (theirs[:, 0] + FLOOR))
        worst, seconds = (ours - theirs)[:, 0].max(), ours[:, 1].sum() / theirs[:, 1].sum()
        print(
            f"Chainrule ÷ {name}, {len(common)} tables: error {np.exp(logs.mean()):.3f} "
            f"(geometric mean ± {logs.std() / len(logs) ** 0.5:.3f}), "
            f"at worst {worst:+.4f}; time {seconds:.2f}"
        )


def main() -> None:
    """Print a line for each table, and the ratios over all."""
    parser = ArgumentParser()
    parser.add_argument("--splits", type=int, default=10)
    parser.add_argument("--tables", nargs="*", default=list(TABLES), choices=list(TABLES))
    parser.add_argument("--methods", nargs="*", default=list(METHODS), choices=list(METHODS))
    parser.add_argument("--add", type=Path)
    asked = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    known = json.loads(asked.add.read_text()) if asked.add and asked.add.exists() else {}
    for table in asked.tables:
        of_classes, make = TABLES[table]
        x, y = make()
        for name in asked.methods:
            figures = [
                measured(METHODS[name], x, y, of_classes, seed) for seed in range(asked.splits)
            ]
            known.setdefault(table, {})[name] = figures
            error, seconds = np.mean(figures, axis=0)
            spread = np.std(figures, axis=0)[0] / asked.splits**0.5
            print(
                f"{table:26s}{name:24s}{error:8.4f} ± {spread:.4f} {seconds:8.2f} s "
                f"({asked.splits} splits)",
                flush=True,
            )
            if asked.add:
                asked.add.write_text(json.dumps(known))
    summarize(known)


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    with threadpool_limits(1):
        main()

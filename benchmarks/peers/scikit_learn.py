"""scikit-learn's multi-layer perceptron, set to do nothing but the steps."""

import warnings

import numpy as np
from problem import Parameters, Problem
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor

from core.training.optimizers import Adam


class ScikitLearn:
    """Its batches are the first epoch's over and over: it does not draw an order."""

    name = "scikit-learn"

    def __init__(self, problem: Problem) -> None:
        self.problem = problem.as_scikit_learn_can()
        x, y = problem.data()
        rows = np.arange(problem.samples)
        if problem.batch_size:
            rows = problem.specification.epoch_rows(rows, 0)
        classes = problem.loss == "cross_entropy"
        self.x, self.y = x[rows], (y.argmax(axis=1) if classes else y)[rows]
        if not classes and y.shape[1] == 1:
            self.y = self.y[:, 0]
        adam = isinstance(problem.optimizer, Adam)
        self.mlp = (MLPClassifier if classes else MLPRegressor)(
            hidden_layer_sizes=problem.sizes[1:-1],
            activation={"sigmoid": "logistic"}.get(problem.hidden, problem.hidden),
            solver="adam" if adam else "sgd",
            alpha=0.0,
            batch_size=problem.batch_size or problem.samples,
            learning_rate_init=problem.optimizer.eta,
            momentum=0.0,
            epsilon=getattr(problem.optimizer, "epsilon", 1e-8),
            shuffle=False,
            tol=0.0,
            n_iter_no_change=10**9,
            max_iter=1,
            warm_start=True,
        )
        self.least = problem.samples // (problem.batch_size or problem.samples)
        self.run(self.least)
        for one, weights, biases in zip(
            problem.parameters(), self.mlp.coefs_, self.mlp.intercepts_, strict=True
        ):
            weights[...], biases[...] = one[0].T, one[1]

    def run(self, iterations: int) -> None:
        """Train on."""
        self.mlp.set_params(max_iter=iterations // self.least)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            self.mlp.fit(self.x, self.y)

    def parameters(self) -> Parameters:
        """Now."""
        return [(w.T, b) for w, b in zip(self.mlp.coefs_, self.mlp.intercepts_, strict=True)]

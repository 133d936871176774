"""A network as a student writes it after the sheet: clear, and with an array for everything."""

import numpy as np
from problem import Parameters, Problem

from core.training.optimizers import Adam


def sigmoid(s):
    """σ(s)."""
    return 1 / (1 + np.exp(-s))


def softmax(s):
    """e^s over its sum."""
    powers = np.exp(s - s.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


FUNCTIONS = {
    "sigmoid": (sigmoid, lambda s: sigmoid(s) * (1 - sigmoid(s))),
    "relu": (lambda s: np.maximum(0, s), lambda s: (s > 0) * 1.0),
    "identity": (lambda s: s, np.ones_like),
}


class NaiveNumpy:
    """Rows are samples."""

    name = "naive NumPy"
    least = 1

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.x, self.y = problem.data()
        self.batches = problem.batches()
        self.weights = [w for w, _ in problem.parameters()]
        self.biases = [b for _, b in problem.parameters()]
        self.functions = [FUNCTIONS.get(name) for name in problem.specification.activations]
        self.losses = []
        self.first = [np.zeros_like(p) for p in self.weights + self.biases]
        self.second = [np.zeros_like(p) for p in self.weights + self.biases]

    def run(self, iterations: int) -> None:
        """Train on."""
        for _ in range(iterations):
            rows = next(self.batches)
            self.step(*self.gradients(self.x[rows], self.y[rows]))

    def gradients(self, x, y):
        """The chain rule, and the loss on the way."""
        xs, ss = [x], []
        for w, b, pair in zip(self.weights, self.biases, self.functions, strict=True):
            ss.append(xs[-1] @ w.T + b)
            xs.append(pair[0](ss[-1]) if pair else softmax(ss[-1]))
        if self.problem.loss == "squared":
            self.losses.append(0.5 * np.sum((xs[-1] - y) ** 2) / len(x))
            delta = (xs[-1] - y) * self.functions[-1][1](ss[-1])
        else:
            self.losses.append(-np.sum(y * np.log(xs[-1])) / len(x))
            delta = xs[-1] - y
        weights, biases = [], []
        for number in range(len(self.weights) - 1, -1, -1):
            weights.insert(0, delta.T @ xs[number] / len(x))
            biases.insert(0, delta.sum(axis=0) / len(x))
            if number:
                delta = (delta @ self.weights[number]) * self.functions[number - 1][1](
                    ss[number - 1]
                )
        return weights, biases

    def step(self, weights, biases) -> None:
        """Gradient descent, or Adam as the paper's algorithm 1 says."""
        optimizer = self.problem.optimizer
        parameters = self.weights + self.biases
        if not isinstance(optimizer, Adam):
            for parameter, gradient in zip(parameters, weights + biases, strict=True):
                parameter -= optimizer.eta * gradient
            return
        t, b1, b2 = len(self.losses), optimizer.beta1, optimizer.beta2
        for k, (parameter, g) in enumerate(zip(parameters, weights + biases, strict=True)):
            self.first[k] = b1 * self.first[k] + (1 - b1) * g
            self.second[k] = b2 * self.second[k] + (1 - b2) * g**2
            m, v = self.first[k] / (1 - b1**t), self.second[k] / (1 - b2**t)
            parameter -= optimizer.eta * m / (np.sqrt(v) + optimizer.epsilon)

    def parameters(self) -> Parameters:
        """Now."""
        return list(zip(self.weights, self.biases, strict=True))

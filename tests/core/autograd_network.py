"""The same network written for autograd: an independent gradient."""

import autograd.numpy as np
from autograd import grad
from autograd.scipy.special import logsumexp


def logistic(s):
    return 1.0 / (1.0 + np.exp(-s))


def softmax(s):
    powers = np.exp(s)
    return powers / np.sum(powers, axis=-1, keepdims=True)


ACTIVATIONS = {
    "sigmoid": logistic,
    "relu": lambda s: np.where(s > 0.0, s, 0.0),
    "tanh": np.tanh,
    "identity": lambda s: s,
    "leaky_relu": lambda s: np.where(s > 0.0, s, 0.01 * s),
    "softplus": lambda s: np.log(1.0 + np.exp(s)),
    "softmax": softmax,
}

LOSSES = {
    "squared": lambda output, y: 0.5 * np.sum((output - y) ** 2, axis=-1),
    "squared_sum": lambda output, y: np.sum((output - y) ** 2, axis=-1),
    "mean_squared": lambda output, y: np.mean((output - y) ** 2, axis=-1),
    "binary_cross_entropy": lambda output, y: (
        -np.sum(y * np.log(output) + (1.0 - y) * np.log(1.0 - output), axis=-1)
    ),
    "cross_entropy": lambda output, y: -np.sum(y * np.log(output), axis=-1),
}

# Where the output saturates, the logarithm has to be written out: log σ(s) = -log(1 + e^-s).
LOSSES_OF_S = {
    ("sigmoid", "binary_cross_entropy"): lambda s, y: np.sum(
        y * np.logaddexp(0.0, -s) + (1.0 - y) * np.logaddexp(0.0, s), axis=-1
    ),
    ("softmax", "cross_entropy"): lambda s, y: (
        -np.sum(y * (s - logsumexp(s, axis=-1, keepdims=True)), axis=-1)
    ),
}

REDUCTIONS = {"mean": np.mean, "sum": np.sum}


def losses(parameters, names, x, y, loss):
    """E of each sample; parameters are w^(1), b^(1), …, w^(L), b^(L)."""
    for weights, biases, name in zip(parameters[::2], parameters[1::2], names, strict=True):
        s = np.dot(x, np.transpose(weights)) + biases
        x = ACTIVATIONS[name](s)
    of_s = LOSSES_OF_S.get((names[-1], loss))
    return LOSSES[loss](x, y) if of_s is None else of_s(s, y)


def gradients(network, x, y, loss, reduction):
    """∂E/∂w^(1), ∂E/∂b^(1), …, ∂E/∂w^(L), ∂E/∂b^(L), ∂E/∂x^(0)."""
    names = [layer.activation.name for layer in network.layers]
    parameters = [p for layer in network.layers for p in (layer.weights, layer.biases)]

    def reduced(*arguments):
        *p, inputs = arguments
        return REDUCTIONS[reduction](losses(p, names, inputs, y, loss))

    arguments = (*parameters, x)
    return [grad(reduced, number)(*arguments) for number in range(len(arguments))]

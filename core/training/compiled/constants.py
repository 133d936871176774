"""Numbers by which Python and the kernels understand each other; they cost no import of numba."""

LANE_BYTES = 64
"""Of the value that the kernels compute with: 8 float64 or 16 float32."""

PARAMETERS, GRADIENT, FIRST_MOMENT, SECOND_MOMENT, BEFORE, SHRINKAGE = range(6)
BATCH_X, BATCH_Y, DELTA, DELTA_BELOW, BLOCK_X, BLOCK_Y, ACTIVATIONS = range(6, 13)
"""Indices of `at`, the places of buffers in the array; ACTIVATIONS + l is that of x^(l + 1).

BEFORE: the parameters before a step; SHRINKAGE: eta λ of the weight decay, 0 for biases."""

IDENTITY, SIGMOID, TANH, RELU, LEAKY_RELU, SOFTPLUS, SOFTMAX = range(7)
ACTIVATION_CODES = {
    "identity": IDENTITY,
    "sigmoid": SIGMOID,
    "tanh": TANH,
    "relu": RELU,
    "leaky_relu": LEAKY_RELU,
    "softplus": SOFTPLUS,
    "softmax": SOFTMAX,
}

SQUARED, BINARY_CROSS_ENTROPY, CROSS_ENTROPY = range(3)
LOSS_CODES = {
    "squared": SQUARED,
    "squared_sum": SQUARED,
    "mean_squared": SQUARED,
    "binary_cross_entropy": BINARY_CROSS_ENTROPY,
    "cross_entropy": CROSS_ENTROPY,
}


def loss_factor(loss: str, outputs: int) -> float:
    """By what the loss of that code is multiplied: SQUARED is ½ Σ (ŷ - y)²."""
    return {"squared_sum": 2.0, "mean_squared": 2.0 / outputs}.get(loss, 1.0)


GRADIENT_DESCENT, MOMENTUM, ADAM = range(3)
OPTIMIZER_CODES = {
    "gradient_descent": (GRADIENT_DESCENT, ("eta",)),
    "momentum": (MOMENTUM, ("eta", "momentum")),
    "adam": (ADAM, ("eta", "beta1", "beta2", "epsilon")),
}
"""The code of an optimizer, and the parameters that `make_step` takes, in their order."""
MAX_OPTIMIZER_PARAMETERS = 4

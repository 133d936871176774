"""Random networks that fit a drawing, and numbers as the page writes them."""

import random
from itertools import pairwise

ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky_relu", "softplus", "identity")


def random_network(seed, most_units=4, most_layers=3, grid=20):
    """Layers, x and y of a network by hand: weights with at most two decimals."""
    draw = random.Random(seed)  # noqa: S311 - numbers to compute with
    sizes = [draw.randint(1, most_units) for _ in range(draw.randint(2, most_layers + 1))]

    def number():
        return round(draw.randint(-2 * grid, 2 * grid) / grid, 2)

    layers = [
        {
            "weights": [[number() for _ in range(below)] for _ in range(n)],
            "biases": [number() for _ in range(n)],
            "activation": draw.choice(ACTIVATIONS),
        }
        for below, n in pairwise(sizes)
    ]
    if sizes[-1] > 1 and draw.random() < 0.5:
        layers[-1]["activation"] = "softmax"
    return {
        "layers": layers,
        "x": [number() for _ in range(sizes[0])],
        "y": [number() for _ in range(sizes[-1])],
    }


def shown(value, digits=4):
    """A number as the page writes it: a decimal that ends sooner than the digits is whole."""
    rounded = f"{value:#.{digits}g}".rstrip(".")
    whole = repr(float(f"{value:.12g}")).removesuffix(".0")
    text = whole if len(whole) < len(rounded) else rounded
    return text.replace("-", "−")


def value_of(text):
    """The number that a text of the page says."""
    return float(text.replace("−", "-"))

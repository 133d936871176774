"""The matrix products of an iteration and nothing else: what no NumPy loop can beat."""

from itertools import pairwise

import numpy as np
from problem import Problem


class Products:
    """x^(l) = w x^(l-1), w^T delta and delta x^T for every layer, into arrays that are there."""

    name = "bare products"
    least = 1

    def __init__(self, problem: Problem) -> None:
        samples = problem.batch_size or problem.samples
        generator = np.random.default_rng(0)

        def drawn(*shape):
            return generator.normal(size=shape).astype(problem.precision)

        self.products = []
        for number, (d_in, d_out) in enumerate(pairwise(problem.sizes)):
            w, x, delta = drawn(d_out, d_in), drawn(d_in, samples), drawn(d_out, samples)
            self.products += [
                (w, x, np.empty_like(delta)),
                (delta, x.T, np.empty_like(w)),
                *([(w.T, delta, np.empty_like(x))] if number else []),
            ]

    def run(self, iterations: int) -> None:
        """Multiply."""
        for _ in range(iterations):
            for a, b, product in self.products:
                np.dot(a, b, product)

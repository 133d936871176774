"""Answers of the approximation as text with every bit, to be compared between processors."""

import sys

import numpy as np

from core.approximation.budget import Budget
from core.approximation.relu.deployment import DeploymentOptions
from core.approximation.request import ApproximationRequest, Measurements

BUDGET = Budget(20_000, 10**7, 5 * 10**9)
PEAKS = "exp(-((x-0.250125)/0.00005)^2)+1.5*exp(-((x-0.625158654)/0.00005)^2)"
STEPS = np.array([3.2, 3.2, 3.2, 2.1, 2.1, 2.1])


def requests():
    """Formulas whose values need no exp or sin of NumPy, and tables: all that must be the same."""
    yield ApproximationRequest("1/(1 + x^2)", None, (-5.0, 5.0), n=9)
    yield ApproximationRequest("x^3 - x", None, (-1.0, 2.0), "chebyshev", n=8)
    yield ApproximationRequest("sqrt(x)", None, (0.0, 4.0), "greedy", n=7)
    yield ApproximationRequest("x^2 + abs(x - 0.3)", None, (-1.0, 1.0), "minimal", n=5)
    yield ApproximationRequest("1/x", None, (0.25, 8.0), "minimal", tolerance=0.01)
    yield ApproximationRequest("1/x", None, (0.25, 8.0), "minimal", tolerance=0.05, relative=True)
    for options in (DeploymentOptions(precision="float32"), DeploymentOptions(bits=16)):
        yield ApproximationRequest("x^2", None, (0.0, 3.0), n=6, options=options)
    generator = np.random.default_rng(4)
    x = np.sort(generator.uniform(0.0, 9.0, 300)).round(6)
    y = np.cumsum(generator.uniform(-1.0, 1.0, 300)).round(6)
    steps = Measurements(np.array([0.0, 10.0, 20.0, 20.001, 30.0, 40.0]), STEPS)
    yield ApproximationRequest(samples=Measurements(x, y))
    yield ApproximationRequest(samples=Measurements(x, y), tolerance=0.5)
    yield ApproximationRequest(samples=Measurements(x, y), n=12)
    yield ApproximationRequest(samples=steps, tolerance=0.05)


def answers():
    """Yield a line per number, and which peak of two is found."""
    for request in requests():
        result = request.run(BUDGET)
        network, error = result.relu_sum, result.error
        for numbers in (result.grid, result.values, network.knots, network.lambdas):
            yield " ".join(number.hex() for number in numbers.tolist())
        yield f"{network.bias.hex()} {error.max_error.hex()} {error.max_error_at.hex()}"
        if result.certificate is not None:
            yield float(result.certificate.error_bound).hex()
    peaks = ApproximationRequest(PEAKS, None, (0.0, 1.0), n=2, prove=False).run(BUDGET)
    yield f"{peaks.error.max_error:.12f}"


if __name__ == "__main__":
    sys.stdout.write("\n".join(answers()))

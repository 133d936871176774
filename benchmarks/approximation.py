"""The approximation beside what NumPy has: OMP_NUM_THREADS=1 python benchmarks/approximation.py.

Every comparison first checks that both sides give the same, then runs them alternately and prints
the medians and the median of the ratios of neighbouring runs.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time

import numpy as np

from core.approximation.formula.formula import parse
from core.approximation.grids import equidistant
from core.approximation.minimal.smallest_for_samples import smallest_within_samples, table_of
from core.approximation.minimal.smallest_network import smallest_within
from core.approximation.polyline.target import FormulaTarget
from core.approximation.relu.interpolation import interpolate, knots_of, lambdas_of
from core.approximation.relu.triangular_system import residuals, triangular_matrix

REPEATS = 31


def seconds(work: Callable[[], object]) -> float:
    """Return the time of one call."""
    start = perf_counter()
    work()
    return perf_counter() - start


def compare(ours: Callable[[], object], theirs: Callable[[], object], bar: str, name: str) -> None:
    """Run both alternately and print a row of the table."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(REPEATS)]
    ratio = median(a / b for a, b in pairs)
    our_median, their_median = (1e3 * median(column) for column in zip(*pairs, strict=True))
    print(f"{name:<52}{our_median:>11.3f}{their_median:>11.3f}{ratio:>11.5f}  {bar}")


def main() -> None:
    """Print the table."""
    print(f"{'ms':<52}{'Chainrule':>11}{'peer':>11}{'ratio':>11}  target")
    generator = np.random.default_rng(0)

    grid = equidistant(1e6, 1e6 + 1e3, 10**6)
    values = np.sin(grid) + 2.0
    network = interpolate(grid, values)
    np.testing.assert_allclose(residuals(network), 0.0, atol=1e-12 * values.max())
    compare(
        lambda: lambdas_of(grid, values), lambda: np.copy(values), "<= 10",
        "lambdas / np.copy of the values, n = 10^6",
    )  # fmt: skip
    compare(
        lambda: interpolate(grid, values), lambda: np.copy(values), "",
        "lambdas, knots and all checks / np.copy, n = 10^6",
    )  # fmt: skip

    knots = np.sort(generator.random(1000))
    network = interpolate(knots, generator.standard_normal(1000))
    x = knots[0] + (knots[-1] - knots[0]) * generator.random(10**6)
    np.testing.assert_allclose(network(x), np.interp(x, knots, network.values), atol=1e-12)
    compare(
        lambda: network(x), lambda: np.interp(x, network.grid, network.values), "<= 0.2",
        "evaluate / np.interp, 10^6 points, 1000 random knots",
    )  # fmt: skip
    ordered = np.sort(x)
    compare(
        lambda: network(ordered), lambda: np.interp(ordered, network.grid, network.values), "",
        "the same, but the points in increasing order",
    )  # fmt: skip

    few = equidistant(0.0, 3.0, 1000)
    sines = np.sin(few)
    matrix = triangular_matrix(few, knots_of(few))
    np.testing.assert_allclose(lambdas_of(few, sines), np.linalg.solve(matrix, sines), atol=1e-9)
    compare(
        lambda: lambdas_of(few, sines), lambda: np.linalg.solve(matrix, sines), "",
        "lambdas / np.linalg.solve, n = 1000",
    )  # fmt: skip

    print(f"\n{'seconds of processor time':<52}{'fit':>11}  target")
    for text, a, b in (("sin(x)", 0.0, 10.0), ("tanh(20*x)", -1.0, 1.0), ("exp(x)", 0.0, 5.0)):
        start = process_time()
        found = smallest_within(FormulaTarget(parse(text), (a, b)), 1e-6)
        spent = process_time() - start
        if found.proof is None or not (found.certificate.error_bound or 1.0) <= 1e-6:
            raise RuntimeError(f"{text} was not proved")
        name = f"minimal, {text} to 1e-6, {len(found.grid)} points, proved"
        print(f"{name:<52}{spent:>11.3f}  <= 2")
    x = np.linspace(0.0, 10.0, 10**6)
    table = table_of(x, np.sin(x) + 0.01 * generator.standard_normal(10**6))
    start = process_time()
    smallest = smallest_within_samples(table, 0.06)
    spent = process_time() - start
    name = f"table of 10^6 samples, {len(smallest.grid)} points"
    print(f"{name:<52}{spent:>11.3f}  seconds")


if __name__ == "__main__":
    main()

"""Random requests for approximations, and their answers judged in exact arithmetic.

The network that is answered is evaluated with fractions from its floats alone, f with mpmath to 60
digits; nothing of the code under test takes part. `python -m
tests.core.approximation.exact_checker 2000` asks that many questions and counts the broken answers;
a second number is the first seed, for a part of them.
"""

import sys
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np

from core.approximation.budget import Budget
from core.approximation.relu.deployment import DeploymentOptions
from core.approximation.request import ApproximationRequest, Measurements
from core.errors import MathematicalError

BUDGET = Budget(20_000, 10**7, 5 * 10**9)
POINTS = 60
"""Points of the interval at which f is compared with NN, beside every bend: the maximum."""
mp = mpmath.mp.clone()
mp.dps = 60


@dataclass
class ExactSum:
    """bias + Σ λ_j ReLU(±(x - b_j)) as a polyline of fractions over all numbers."""

    knots: list
    heights: list
    slopes: list

    @staticmethod
    def of(network):
        """Write left-looking units λ ReLU(b - x) as λ ReLU(x - b) - λ (x - b)."""
        changes, slope, offset = Counter(), Fraction(0), Fraction(network.bias)
        for knot, weight, direction in zip(
            network.knots.tolist(),
            network.lambdas.tolist(),
            network.directions.tolist(),
            strict=True,
        ):
            changes[Fraction(knot)] += Fraction(weight)
            if direction < 0:
                slope -= Fraction(weight)
                offset += Fraction(weight) * Fraction(knot)
        knots = sorted(changes)
        heights, slopes = [offset + slope * knots[0]], [slope]
        for left, right in zip(knots, [*knots[1:], knots[-1] + 1], strict=True):
            slopes.append(slopes[-1] + changes[left])
            heights.append(heights[-1] + slopes[-1] * (right - left))
        return ExactSum(knots, heights[:-1], slopes)

    def __call__(self, x):
        """NN(x) for a fraction x."""
        i = bisect_right(self.knots, x)
        j = max(i - 1, 0)
        return self.heights[j] + self.slopes[i] * (x - self.knots[j])


def to_mp(value):
    """Turn a fraction into a number of 60 digits."""
    return mp.mpf(value.numerator) / mp.mpf(value.denominator)


# Each family gives a text and the function that it means, on an interval.
def _waves(u):
    a, w, c = u(0.5, 3), u(0.5, 4), u(-2, 2)
    return f"{a!r}*sin({w!r}*x) + {c!r}", lambda x: a * mp.sin(w * x) + c, (u(-3, 0), u(0.5, 5))


def _decay(u):
    k, b = u(0.3, 1.2), u(1, 45)
    return f"exp(-{k!r}*x)", lambda x: mp.exp(-k * x), (0.0, b)


def _power(u):
    p = int(u(1, 4))
    return f"1/x^{p}", lambda x: 1 / x**p, (10.0 ** u(-3, 0), 10.0 ** u(0.5, 4))


def _steep(u):
    s, c = 10.0 ** u(3, 9), u(0.2, 1)
    text = f"max(0, 1 - {s!r}*x) + {c!r}*sin(x)"
    return text, lambda x: max(0, 1 - s * x) + c * mp.sin(x), (0.0, u(1, 10))


def _step(u):
    s, c, d = 10.0 ** u(1, 6), u(-0.5, 0.5), u(1.5, 3)
    return f"tanh({s!r}*(x - {c!r})) + {d!r}", lambda x: mp.tanh(s * (x - c)) + d, (-1.0, 1.0)


def _kink(u):
    c, d = u(-1, 1), u(0.1, 2)
    return f"abs(x - {c!r}) + {d!r}*x^2 + 1", lambda x: abs(x - c) + d * x**2 + 1, (-2.0, 2.0)


def _root(u):
    c = u(0.01, 1)
    return f"sqrt(x + {c!r})", lambda x: mp.sqrt(x + c), (0.0, u(0.5, 100))


def _line(u):
    m, c = u(-3, 3), u(-2, 2)
    return f"{m!r}*x + {c!r}", lambda x: m * x + c, (u(-3, 0), u(0.5, 3))


def _bell(u):
    c, w = u(0.2, 0.8), 10.0 ** u(-2, 0)
    text = f"1 + exp(-((x - {c!r})/{w!r})^2)"
    return text, lambda x: 1 + mp.exp(-(((x - c) / w) ** 2)), (0.0, 1.0)


FAMILIES = (_waves, _decay, _power, _steep, _step, _kink, _root, _line, _bell)


class Question:
    """One random request, and what its answer has to obey."""

    def __init__(self, seed):
        self.generator = np.random.default_rng(seed)
        if self.generator.random() < 0.35:
            self._table()
        else:
            self._formula()

    def _uniform(self, low, high):
        return float(self.generator.uniform(low, high))

    def _chosen(self, *choices):
        return choices[int(self.generator.integers(len(choices)))]

    def _options(self):
        outside = self._chosen("clamp", "linear")
        return self._chosen(
            None,
            None,
            DeploymentOptions(outside),
            DeploymentOptions(outside, "float32"),
            DeploymentOptions(outside, "float64", self._chosen(16, 24, 40)),
        )

    def _formula(self):
        text, self.f, interval = self._chosen(*FAMILIES)(self._uniform)
        options, n = self._options(), int(self.generator.integers(2, 24))
        relative = self.generator.random() < 0.3
        if relative and options is not None and options.is_reduced_precision:
            options = None
        side = self._chosen("both", "both", "below", "above")
        fields = {"function": text, "interval": interval, "options": options, "relative": relative}
        kind = self._chosen("n", "minimal", "tolerance", "tolerance", "given", "fixed")
        if kind == "n":
            fields |= {"rule": self._chosen("equidistant", "chebyshev", "curvature", "greedy")}
            fields |= {"n": n}
        elif kind == "minimal":
            fields |= {"rule": "minimal", "n": min(n, 9), "side": side}
        elif kind == "tolerance":
            tolerance = 10.0 ** self._uniform(-3.5, -0.5)
            fields |= {"rule": "minimal", "tolerance": tolerance, "side": side}
        elif kind == "given":
            points = np.unique(self.generator.uniform(*interval, n + 2))
            fields |= {"rule": points, "interval": None}
        else:
            tolerance = 10.0 ** self._uniform(-3, -0.5)
            fields |= {"rule": self._chosen("equidistant", "chebyshev", "curvature")}
            fields |= {"tolerance": tolerance, "relative": False}
        self.request = ApproximationRequest(**fields)

    def _table(self):
        size = int(self.generator.integers(2, 30))
        gaps = self.generator.choice([1.0, 1.0, 1e-3, 1e-6, 1e-12, 3e-16], size)
        x = np.unique(self._uniform(-3, 3) + np.cumsum(gaps * self.generator.uniform(0.5, 1, size)))
        y = np.cumsum(self.generator.standard_normal(len(x))) * self._chosen(1.0, 1.0, 1e-6, 1e6)
        order = self.generator.permutation(len(x))
        fields = self._chosen({}, {"n": 6}, {"tolerance": None}, {"tolerance": None})
        if "tolerance" in fields:
            fields = {"tolerance": float(np.ptp(y) * self._uniform(0.01, 0.5)) or 1.0}
        weights = None
        if fields and self.generator.random() < 0.3:
            weights = self.generator.uniform(0.5, 2, len(x))
        samples = Measurements(x[order], y[order], weights)
        self.request = ApproximationRequest(samples=samples, options=self._options(), **fields)

    def judge(self):
        """Return what is broken of the answer, "" for nothing, None for a refusal."""
        try:
            result = self.request.run(BUDGET)
        except MathematicalError as error:
            return None if error.detail else "a refusal without a reason"
        network = ExactSum.of(result.relu_sum)
        judge = self.judge_table if self.request.samples is not None else self.judge_formula
        return judge(result, network) or self._judge_outside(result, network)

    def _judge_outside(self, result, network):
        options = result.embedding.choice if result.embedding else None
        if options is None or options.extrapolation != "clamp":
            return ""
        is_constant = network.slopes[0] == network.slopes[-1] == 0
        return "" if is_constant else "clamp is not constant outside"

    def judge_table(self, result, network):
        samples = self.request.samples
        weights = np.ones(len(samples.x)) if samples.weights is None else samples.weights
        rows = list(zip(samples.x.tolist(), samples.y.tolist(), weights.tolist(), strict=True))
        worst = max(Fraction(w) * abs(network(Fraction(x)) - Fraction(y)) for x, y, w in rows)
        if worst > Fraction(result.error.max_error):
            return f"max_error {result.error.max_error} but {float(worst)}"
        if result.error.max_error > float(worst) * (1 + 1e-9) + 1e-300:
            return f"max_error {result.error.max_error} is not reached: {float(worst)}"
        tolerance = self.request.tolerance
        if tolerance is None:
            return ""
        rounding = 2.0**-39 * float(np.abs(result.values).max())
        excess = Fraction(rounding + (result.overshoot.excess if result.overshoot else 0.0))
        if worst > Fraction(tolerance):
            return f"tolerance {tolerance} but {float(worst)}"
        return self._judge_between(sorted(rows), network, Fraction(tolerance), excess)

    def _judge_between(self, rows, network, tolerance, excess):
        """Between samples NN is within the hull of both bands, widened by the tolerance."""
        heaviest = min(Fraction(w) for _, _, w in rows)
        for (left, *low), (right, *high) in pairwise(rows):
            bands = [(Fraction(y), tolerance / Fraction(w)) for y, w in (low, high)]
            floor = min(y - room for y, room in bands) - tolerance / heaviest - excess
            ceiling = max(y + room for y, room in bands) + tolerance / heaviest + excess
            for knot in network.knots:
                if left < knot < right and not floor <= network(knot) <= ceiling:
                    return f"NN({float(knot)}) = {float(network(knot))} between samples"
        return ""

    def judge_formula(self, result, network):
        certificate, request = result.certificate, self.request
        if certificate is None or not certificate.proved:
            return ""
        bound, tolerance = certificate.error_bound, request.tolerance
        if tolerance is not None and not bound <= tolerance:
            return f"bound {bound} above the tolerance {tolerance}"
        edges = certificate.grid.tolist()
        for x in self._points(edges, result):
            f, here = self.f(mp.mpf(x)), to_mp(network(Fraction(x)))
            off = (f - here) / f if request.relative else f - here
            i = min(max(bisect_right(edges, x) - 1, 0), len(edges) - 2)
            if not certificate.lower[i] <= off <= certificate.upper[i]:
                bounds = certificate.lower[i], certificate.upper[i]
                return f"f - NN = {mp.nstr(off, 17)} at {x!r}, not within {bounds}"
            if abs(off) > bound:
                return f"|f - NN| = {mp.nstr(off, 17)} at {x!r} above {bound}"
            signed = f - here
            if (request.side == "below" and signed < 0) or (request.side == "above" and signed > 0):
                return f"f - NN = {mp.nstr(signed, 5)} at {x!r}, not {request.side}"
        return ""

    def _points(self, edges, result):
        a, b = edges[0], edges[-1]
        some = self.generator.permutation(edges)[:POINTS]
        inside = [self.generator.uniform(a, b, POINTS), some, np.nextafter(some, a)]
        with np.errstate(all="ignore"):
            inside.append(a + (b - a) * 10.0 ** self.generator.uniform(-12, 0, POINTS // 2))
        inside.append(np.array([a, b, result.error.max_error_at]))
        return np.clip(np.concatenate(inside), a, b).tolist()


def main(count, first=0):
    """Judge this many questions; write every broken one and the counts."""
    counts = Counter()
    for seed in range(first, first + count):
        question = Question(seed)
        verdict = question.judge()
        counts["refused" if verdict is None else "broken" if verdict else "kept"] += 1
        if verdict:
            sys.stdout.write(f"{seed} {question.request} {verdict}\n")
    sys.stdout.write(f"{dict(counts)}\n")
    return counts["broken"]


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])) > 0)

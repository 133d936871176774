"""A fixed-point approximation as C99 on integers alone: exact, without a float."""

from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from core.approximation.relu.deployment import DeployedNetwork
from core.approximation.result import Approximation
from core.arrays import Array
from core.errors import OutOfDomain

TEMPLATE = """\
/* A piecewise linear function with {m} bends, on integers alone. x is in units of {knot_step!r},
   and the result in units of {unit!r} (the product of the steps of knots and of slopes). For
   {low} <= x <= {high} it is exact. */
#ifndef RELU_NETWORK_INTEGER_H
#define RELU_NETWORK_INTEGER_H

#include <stdint.h>

#define RELU_NETWORK_X_STEP {knot_step_hex}
#define RELU_NETWORK_Y_STEP {unit_hex}

static inline int64_t relu_network_integer(int64_t x)
{{
    /* Segment j begins at knot j - 1. */
    static const int64_t knots[{padded}] = {{{knots}}};
    static const int64_t anchors[{more}] = {{{anchors}}};
    static const int64_t values[{more}] = {{{values}}};
    static const int64_t slopes[{more}] = {{{slopes}}};
    unsigned segment = 0;
{comparisons}
    return values[segment] + slopes[segment] * (x - anchors[segment]);
}}

#endif
"""
LARGEST = 2**63 - 1


@dataclass(frozen=True)
class IntegerSegments:
    """The network on integers: values_j + slopes_j (x - anchors_j) from knot j - 1 to knot j."""

    knots: list[int]
    anchors: list[int]
    values: list[int]
    slopes: list[int]
    unit: float
    """Of the values: a power of 2."""


def write_c_integer(approximation: Approximation) -> bytes:
    """The header; raises `OutOfDomain` for a network that is not in fixed point, or too large."""
    embedding = approximation.embedding
    bits = embedding.choice.bits if embedding else None
    if embedding is None or bits is None or embedding.knot_step is None:
        raise OutOfDomain(
            "only a network in fixed point has a form on integers; ask for one with "
            '"quantize": {"bits": 16}',
            ("quantize",),
        )
    segments = integer_segments(embedding)
    low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    _require_64_bits(segments, low, high)
    steps = [1 << power for power in reversed(range(len(segments.knots).bit_length()))]
    knots = segments.knots + [LARGEST] * (sum(steps) - len(segments.knots))
    return TEMPLATE.format(
        m=len(segments.knots),
        more=len(segments.values),
        padded=len(knots),
        low=low,
        high=high,
        knot_step=embedding.knot_step,
        unit=segments.unit,
        knot_step_hex=embedding.knot_step.hex(),
        unit_hex=segments.unit.hex(),
        knots=_listed(knots),
        anchors=_listed(segments.anchors),
        values=_listed(segments.values),
        slopes=_listed(segments.slopes),
        comparisons="\n".join(
            f"    segment += knots[segment + {step - 1}] <= x ? {step} : 0;" for step in steps
        ),
    ).encode()


def integer_segments(embedding: DeployedNetwork) -> IntegerSegments:
    """The segments of a network in fixed point, without any rounding."""
    knot_step, lambda_step = embedding.knot_step or 1.0, embedding.lambda_step or 1.0
    network = embedding.network
    # λ (x - b) is a multiple of both steps' product, and the bias one of the λ step.
    unit = lambda_step * min(knot_step, 1.0)
    of_knots = _integers(network.knots, knot_step)
    lambdas = [
        weight * int(max(knot_step, 1.0)) for weight in _integers(network.lambdas, lambda_step)
    ]
    directions = [int(direction) for direction in network.directions]
    bias = _integers(np.array([network.bias]), unit)[0]
    knots = sorted(set(of_knots))
    terms = list(zip(of_knots, lambdas, directions, strict=True))
    # Left of all knots only those units are active that are so on the left of their knot.
    leftmost = -sum(weight for _, weight, direction in terms if direction < 0)
    changes = dict.fromkeys(knots, 0)
    for knot, weight, _ in terms:
        changes[knot] += weight
    slopes = list(accumulate(changes.values(), initial=leftmost))
    at_first = bias + sum(
        weight * max(direction * (knots[0] - knot), 0) for knot, weight, direction in terms
    )
    rises = [slope * step for slope, step in zip(slopes[1:], np.diff(knots).tolist(), strict=False)]
    heights = list(accumulate(rises, initial=at_first))
    return IntegerSegments(knots, [knots[0], *knots], [at_first, *heights], slopes, unit)


def _require_64_bits(segments: IntegerSegments, low: int, high: int) -> None:
    at_ends = (
        segments.values[0] + segments.slopes[0] * (low - segments.anchors[0]),
        segments.values[-1] + segments.slopes[-1] * (high - segments.anchors[-1]),
    )
    products = (slope * (high - low) for slope in segments.slopes)
    largest = max(map(abs, (*segments.values, *at_ends, *products)))
    if largest > LARGEST:
        raise OutOfDomain(
            "a value is beyond 64-bit integers; take fewer bits", ("quantize", "bits")
        )


def _integers(numbers: Array, step: float) -> list[int]:
    """Multiples of a power of 2, as integers of any length."""
    return [int(number / step) for number in numbers.tolist()]


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))

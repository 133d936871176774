"""Proofs about an approximation, as POST /approximate returns them."""

from dataclasses import dataclass

import numpy as np

from core.approximation.cost import MAX_SEGMENTS
from core.approximation.error_bounds.certificate import Certificate
from core.approximation.minimal.minimality_proof import MinimalityProof
from core.approximation.minimal.smallest_for_samples import Overshoot
from service.schemas.arrays import Vector


@dataclass(frozen=True)
class SegmentResponse:
    """f - NN is between `lower` and `upper` all over the interval, so |f - NN| ≤ `bound`."""

    interval: list[float]
    lower: float
    upper: float
    bound: float


@dataclass(frozen=True)
class UnprovedIntervalResponse:
    """An interval without proof, and why; null for all of [x_1, x_n]."""

    interval: list[float] | None
    reason: str


@dataclass(frozen=True)
class MinimalityResponse:
    """No network with fewer than `segments` segments is within `tolerance` of f.

    Within it, NN(x_i) has to be from `lower_i` to `upper_i`, and no continuous polyline with fewer
    segments passes all these gates.
    """

    tolerance: float
    segments: int
    x: Vector
    lower: Vector
    upper: Vector

    @staticmethod
    def of(proof: MinimalityProof | None) -> "MinimalityResponse | None":
        """Pack the proof, if there is one."""
        if proof is None:
            return None
        return MinimalityResponse(proof.tolerance, proof.links, proof.x, proof.lower, proof.upper)


@dataclass(frozen=True)
class OvershootResponse:
    """No network with only `segments` segments stays near the samples in `interval`.

    Between two samples NN should be within the hull of what both allow, widened by the tolerance.
    `excess` is how far it may leave that; 0 where NN has more segments instead.
    """

    interval: list[float]
    segments: int
    excess: float

    @staticmethod
    def of(overshoot: Overshoot | None) -> "OvershootResponse | None":
        """Pack it, if there is one."""
        if overshoot is None:
            return None
        return OvershootResponse(list(overshoot.interval), overshoot.segments, overshoot.excess)


def error_bound(certificate: Certificate | None) -> float | None:
    """The proved bound; null where there is none, or no finite one."""
    bound = certificate.error_bound if certificate else None
    return bound if bound is not None and np.isfinite(bound) else None


def segments(certificate: Certificate | None) -> list[SegmentResponse] | None:
    """The certificate segment by segment, if every segment has one."""
    if certificate is None or error_bound(certificate) is None:
        return None
    if len(certificate.bounds) > MAX_SEGMENTS:
        return None
    columns = (
        certificate.grid[:-1],
        certificate.grid[1:],
        certificate.lower,
        certificate.upper,
        certificate.bounds,
    )
    return [
        SegmentResponse([left, right], lower, upper, bound)
        for left, right, lower, upper, bound in zip(*(u.tolist() for u in columns), strict=True)
    ]


def unproved(certificate: Certificate | None, reason: str) -> list[UnprovedIntervalResponse]:
    """Where there is no proof and why; nothing where there is one."""
    if certificate is None:
        return [UnprovedIntervalResponse(None, reason)]
    if certificate.proved and error_bound(certificate) is None:
        unbounded = ~np.isfinite(certificate.bounds)
        ends = zip(certificate.grid[:-1][unbounded], certificate.grid[1:][unbounded], strict=True)
        return [
            UnprovedIntervalResponse([float(a), float(b)], "the error may be unbounded here")
            for a, b in ends
        ]
    return [UnprovedIntervalResponse([gap.left, gap.right], gap.reason) for gap in certificate.gaps]

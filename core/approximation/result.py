"""The result of an approximation: the network, its errors and its proofs."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.approximation.error_bounds.certificate import Certificate
from core.approximation.error_bounds.sampled_error import SampledError
from core.approximation.formula.formula import Formula
from core.approximation.minimal.minimality_proof import MinimalityProof
from core.approximation.minimal.smallest_for_samples import Overshoot
from core.approximation.polyline.sample_table import SampleTable
from core.approximation.relu.compensated_terms import MAX_EXACT
from core.approximation.relu.deployment import DeployedNetwork
from core.approximation.relu.exact_polyline import ExactPolyline, exactly, float_above
from core.approximation.relu.interpolation import ReluInterpolation
from core.approximation.relu.piecewise_linear import PiecewiseLinear
from core.approximation.relu.relu_sum import ReluSum
from core.approximation.relu.triangular_system import residuals


@dataclass(frozen=True, eq=False)
class Approximation:
    """A network and its distance from the function or the samples."""

    function: Formula | None
    network: ReluInterpolation
    """The sum of Task 7 (docs/exercise-sheet.md) through all points."""
    error: SampledError
    certificate: Certificate | None
    unproved: str
    """Why there is no certificate, where there is none."""
    proof: MinimalityProof | None
    embedding: DeployedNetwork | None = None
    """The network in its place, where another behaviour outside or short numbers were wanted."""
    table: SampleTable | None = None
    """The samples, where they are no formula."""
    overshoot: Overshoot | None = None
    """The gap between samples that costs points, if there is one."""

    @property
    def segments(self) -> PiecewiseLinear:
        """The network as a piecewise linear function."""
        return (self.embedding or self.network).segments

    @property
    def grid(self) -> np.ndarray:
        """The bends of the network."""
        return (self.embedding or self.network).grid

    @property
    def values(self) -> np.ndarray:
        """The heights at the bends."""
        return (self.embedding or self.network).values

    @property
    def interval(self) -> tuple[float, float]:
        """The interval of the approximation."""
        return float(self.network.grid[0]), float(self.network.grid[-1])

    @property
    def relu_sum(self) -> ReluSum:
        """The terms of the network."""
        return (self.embedding or self.network).relu_sum

    @property
    def residual(self) -> float:
        """The largest |NN(x_i) - values_i|, rounded up; for long grids in the longest floats."""
        if len(self.grid) > MAX_EXACT:
            return float(np.abs(residuals(self.network)).max())
        pairs = zip(self.grid.tolist(), self.values.tolist(), strict=True)
        return float_above(max(abs(self.exact.at(x) - exactly(value)) for x, value in pairs))

    @cached_property
    def exact(self) -> ExactPolyline:
        """The network on the interval in exact arithmetic; for up to `MAX_EXACT` points."""
        return ExactPolyline.of(self.relu_sum, self.interval)

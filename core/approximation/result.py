"""An approximation with all that is known about it: computed once, then packed or drawn."""

from dataclasses import dataclass

import numpy as np

from core.approximation.error_bounds.certificate import Certificate
from core.approximation.error_bounds.sampled_error import SampledError
from core.approximation.formula.formula import Formula
from core.approximation.minimal.minimality_proof import MinimalityProof
from core.approximation.polyline.sample_table import SampleTable
from core.approximation.relu.deployment import DeployedNetwork
from core.approximation.relu.interpolation import ReluInterpolation
from core.approximation.relu.piecewise_linear import PiecewiseLinear
from core.approximation.relu.relu_sum import ReluSum


@dataclass(frozen=True, eq=False)
class Approximation:
    """A network and how far it is from the function, or the samples, it stands for."""

    function: Formula | None
    network: ReluInterpolation
    """The sheet's sum through all points."""
    error: SampledError
    certificate: Certificate | None
    unproved: str
    """Why there is no certificate, where there is none."""
    proof: MinimalityProof | None
    embedding: DeployedNetwork | None = None
    """The network in its place, where another behaviour outside or short numbers were wanted."""
    table: SampleTable | None = None
    """The samples, where they are no formula."""

    @property
    def segments(self) -> PiecewiseLinear:
        """What the network that was wanted computes, everywhere."""
        return (self.embedding or self.network).segments

    @property
    def grid(self) -> np.ndarray:
        """Where that network bends."""
        return (self.embedding or self.network).grid

    @property
    def values(self) -> np.ndarray:
        """How high it is there."""
        return (self.embedding or self.network).values

    @property
    def interval(self) -> tuple[float, float]:
        """What the approximation is for."""
        return float(self.network.grid[0]), float(self.network.grid[-1])

    @property
    def relu_sum(self) -> ReluSum:
        """The terms of that network; all units of the sheet's sum look right, without a bias."""
        if self.embedding is not None:
            return self.embedding.network
        sheet = self.network
        return ReluSum(sheet.knots, np.ones(len(sheet.knots)), sheet.lambdas, 0.0)

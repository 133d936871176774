"""How the step size changes in the course of a training: one entry of `SCHEDULES` is a schedule.

An optimizer's step is proportional to eta; a schedule gives the factor of each iteration. It may
depend on how often the watched loss has stopped falling, `plateaus`.
"""

from dataclasses import dataclass
from math import cos, log2, pi
from typing import Literal

from core.errors import OutOfDomain


@dataclass(frozen=True)
class Cosine:
    """eta ½ (1 + cos(π (k - 1) / K)) in iteration k of K (Loshchilov and Hutter, SGDR, 2017)."""

    name: Literal["cosine"] = "cosine"

    def factor(self, iteration: int, iterations: int, plateaus: int = 0) -> float:
        """From 1 to nearly 0."""
        return 0.5 * (1.0 + cos(pi * (iteration - 1) / iterations))


@dataclass(frozen=True)
class InverseScaling:
    """eta / k^power in iteration k."""

    name: Literal["inverse_scaling"] = "inverse_scaling"
    power: float = 0.5

    def __post_init__(self) -> None:
        """Refuse a power that is negative or above 10."""
        if not 0.0 <= self.power <= 10.0:
            raise OutOfDomain(
                f"power has to be in [0, 10], but is {self.power}", ("schedule", "power")
            )

    def factor(self, iteration: int, iterations: int, plateaus: int = 0) -> float:
        """From 1 downwards."""
        return float(iteration) ** -self.power


@dataclass(frozen=True)
class CosLog:
    """eta ½ (1 - cos(2π log₂(1 + (2^cycles - 1) (k - 1) / K))) in iteration k of K.

    Cycles from 0 up to 1 and down to 0, each twice as long as the one before; with four of them it
    is coslog4 of Holzmüller, Grinsztajn and Steinwart, Better by default, NeurIPS 2024.
    """

    name: Literal["coslog"] = "coslog"
    cycles: float = 4.0

    def __post_init__(self) -> None:
        """Refuse less than one cycle and more than 20."""
        if not 1.0 <= self.cycles <= 20.0:
            raise OutOfDomain(
                f"cycles has to be in [1, 20], but is {self.cycles}", ("schedule", "cycles")
            )

    def factor(self, iteration: int, iterations: int, plateaus: int = 0) -> float:
        """Between 0 and 1."""
        passed = (iteration - 1) / iterations
        return 0.5 * (1.0 - cos(2.0 * pi * log2(1.0 + (2.0**self.cycles - 1.0) * passed)))


@dataclass(frozen=True)
class Plateau:
    """eta ratio^r after r plateaus: `patience` epochs in a row without a lower watched loss.

    Watched is what `EarlyStopping` watches. "adaptive" of scikit-learn has the ratio 0.2.
    """

    name: Literal["plateau"] = "plateau"
    ratio: float = 0.2
    patience: int = 10

    def __post_init__(self) -> None:
        """Refuse a ratio outside (0, 1) and a patience outside [1, 10⁶]."""
        if not 0.0 < self.ratio < 1.0:
            raise OutOfDomain(
                f"ratio has to be in (0, 1), but is {self.ratio}", ("schedule", "ratio")
            )
        if not 1 <= self.patience <= 10**6:
            raise OutOfDomain(
                f"patience has to be in [1, 1000000], but is {self.patience}",
                ("schedule", "patience"),
            )

    def factor(self, iteration: int, iterations: int, plateaus: int = 0) -> float:
        """From 1 downwards."""
        return self.ratio**plateaus


Schedule = Cosine | InverseScaling | CosLog | Plateau
SCHEDULES: dict[str, type[Schedule]] = {
    "cosine": Cosine,
    "inverse_scaling": InverseScaling,
    "coslog": CosLog,
    "plateau": Plateau,
}

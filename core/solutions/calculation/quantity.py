"""A computation as data: its quantities in the order of computation."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from core.arrays import Array
from core.conventions import DEFAULT, Conventions
from core.errors import Place
from core.solutions.calculation.functions import Numbers

Values = Mapping[str, Numbers]
Formula = Callable[[Values], Numbers]


@dataclass(frozen=True, eq=False)
class Quantity:
    """One quantity, at the place it has in the answer of /backprop, and how it is computed."""

    place: Place
    inputs: Mapping[str, Place]
    """What the formula reads, by the role it plays there."""
    formula: Formula
    nearby: Mapping[str, Place] = field(default_factory=dict)
    """What stands close by on the page, and may be read by mistake."""
    function: str = ""
    """The name of the activation or loss that the formula applies, where there is one."""

    @property
    def name(self) -> str:
        """The last word of its place: `s`, `delta`, `weights_gradient`, …."""
        return next(part for part in reversed(self.place) if isinstance(part, str))


@dataclass(frozen=True, eq=False)
class Calculation:
    """What is given, as arrays of `Decimal`, and what follows from it."""

    given: Mapping[Place, Array]
    quantities: tuple[Quantity, ...]
    conventions: Conventions = DEFAULT
    """By which the formulas are written."""

    def __getitem__(self, place: Place) -> Quantity:
        """The quantity at that place."""
        return next(quantity for quantity in self.quantities if quantity.place == place)

    def __contains__(self, place: Place) -> bool:
        """Whether a quantity has that place."""
        return any(quantity.place == place for quantity in self.quantities)

    def leading_to(self, places: Collection[Place]) -> "Calculation":
        """The calculation without the quantities on which none of these places depends."""
        needed = set(places)
        for quantity in reversed(self.quantities):
            if quantity.place in needed:
                needed.update(quantity.inputs.values())
        kept = tuple(quantity for quantity in self.quantities if quantity.place in needed)
        return replace(self, quantities=kept)


INPUT: Place = ("x",)
TARGET: Place = ("y",)
SAMPLE_WEIGHTS: Place = ("sample_weights",)
"""What multiplies E of each sample; given only where samples are weighted."""
ETA: Place = ("eta",)
LOSS: Place = ("loss",)
LOSSES: Place = ("losses",)
"""E of each sample, where there are several."""
INPUT_GRADIENT: Place = ("x_gradient",)


def at(layer: int, name: str) -> Place:
    """The place of a layer's quantity."""
    return ("layers", layer, name)


def below(layer: int, name: str = "x") -> Place:
    """The place of what the layer receives: x^(0) for the first."""
    return at(layer - 1, name) if layer else INPUT

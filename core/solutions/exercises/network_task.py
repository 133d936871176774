"""What an exercise on a network is to be about."""

from dataclasses import dataclass
from typing import Literal

from core.conventions import DEFAULT, Conventions
from core.errors import OutOfDomain, TooLong, counted
from core.nn.losses import get_loss
from core.solutions.rounding import Rounding

NetworkKind = Literal["forward", "backprop", "update"]
MAX_WIDTH, MAX_LAYERS = 4, 3
_PARTNERS = {"binary_cross_entropy": "sigmoid", "cross_entropy": "softmax"}


@dataclass(frozen=True)
class NetworkTask:
    """What to make a sheet of; `activations` has one name per layer.

    Raises `TooLong` for more than 3 layers or 4 units, too many to compute by hand, and
    `OutOfDomain` for a loss with another output than its own, or a slope that no layer has.
    """

    kind: NetworkKind
    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    rounding: Rounding
    conventions: Conventions = DEFAULT

    def __post_init__(self) -> None:
        """Refuse what makes no usable sheet."""
        layers, widest = len(self.sizes) - 1, max(self.sizes)
        if layers > MAX_LAYERS or widest > MAX_WIDTH:
            raise TooLong(
                f"a network of {counted(layers, 'layer')} of up to {counted(widest, 'unit')} is "
                f"too large for a sheet; the limits are {MAX_LAYERS} layers and {MAX_WIDTH} units",
                ("sizes",),
            )
        partner = _PARTNERS.get(get_loss(self.loss).name, self.activations[-1])
        if self.kind != "forward" and self.activations[-1] != partner:
            raise OutOfDomain(
                f"a sheet with {self.loss} has {partner} in its last layer, "
                f"not {self.activations[-1]}",
                ("activations", len(self.activations) - 1),
            )
        if self.conventions.leak is not None and "leaky_relu" not in self.activations:
            raise OutOfDomain(
                "no layer has the activation leaky_relu, whose slope this would be",
                ("conventions", "leak"),
            )

"""A drawn network with the numbers of a computation, as Figure 1 of docs/exercise-sheet.md."""

from collections.abc import Sequence

from jaxtyping import Float

from core.arrays import Array
from core.conventions import DEFAULT, Conventions
from core.errors import OutOfDomain
from core.nn.backprop import Reduction, backprop
from core.nn.forward import forward
from core.nn.layer import Layer
from core.nn.losses import Loss
from core.solutions.calculation.evaluation import work_out
from core.solutions.calculation.network import backprop_calculation, forward_calculation
from core.solutions.drawing.diagram import Figure, network_figure, require_drawable
from core.solutions.given_section import pages_of, sizes_of
from core.solutions.rounding import Rounding


def forward_figure(
    layers: Sequence[Layer],
    x: Float[Array, "samples d_in"],
    rounding: Rounding,
    conventions: Conventions = DEFAULT,
) -> Figure:
    """Input, weights and biases, and s | x in each unit where there is one sample.

    Raises `TooLong` beyond the size that can be drawn, `NotFinite` as `core.nn.forward` does.
    """
    require_drawable(sizes_of(layers))
    forward(layers, x[:1])
    page, *_ = pages_of(layers, work_out(forward_calculation(layers, x[:1], conventions), rounding))
    return network_figure(page, values=len(x) == 1)


def backprop_figure(
    layers: Sequence[Layer],
    x: Float[Array, "samples d_in"],
    y: Float[Array, "samples d_out"],
    loss: Loss,
    rounding: Rounding,
    reduction: Reduction = "mean",
    conventions: Conventions = DEFAULT,
) -> Figure:
    """The same with every gradient beside its parameter; of several samples their mean or sum.

    Raises as `forward_figure` and `core.nn.backprop` do, and `OutOfDomain` for several samples that
    are not reduced.
    """
    require_drawable(sizes_of(layers))
    if reduction == "none" and len(x) > 1:
        raise OutOfDomain(
            f"an edge has room for one gradient, not for those of {len(x)} samples; "
            "reduce them to their mean or sum",
            ("reduction",),
        )
    conventions.backpropagation(backprop(layers, x, y, loss, reduction), layers, reduction)
    by_hand = "sum" if reduction == "none" else reduction
    calculation = backprop_calculation(
        layers, x, y, loss, by_hand, eta=None, conventions=conventions
    )
    worked = work_out(calculation, rounding)
    page, *_ = pages_of(layers, worked)
    return network_figure(page, values=len(x) == 1, gradients=True)

"""What a drawn network says: the texts on its inputs, edges and units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import Place, TooLong, counted
from core.solutions.calculation.quantity import INPUT, LOSS, TARGET, at
from core.solutions.derivation.page import Page
from core.solutions.rounding import typeset

MAX_UNITS = 6
MAX_LAYERS = 5
"""Beyond these the weights on the edges hide one another."""


@dataclass(frozen=True)
class Edge:
    """From unit `source` of the column to the left to unit `target`, both counted from 0."""

    source: int
    target: int
    weight: str
    gradient: str | None = None


@dataclass(frozen=True)
class Unit:
    """Its bias, and s | x inside; empty where a student is to fill them in."""

    bias: str
    s: str = ""
    x: str = ""
    gradient: str | None = None
    """The gradient of the bias, with its name before it where it is δ as well."""


@dataclass(frozen=True)
class DrawnLayer:
    """The units of one layer and the edges that lead to them."""

    units: tuple[Unit, ...]
    edges: tuple[Edge, ...]
    activation: str


@dataclass(frozen=True)
class Figure:
    """A whole network, from the input on the left to the output on the right."""

    inputs: tuple[str, ...]
    layers: tuple[DrawnLayer, ...]
    targets: tuple[str, ...] = ()
    """y of each output; empty where there is none, or one for each of several samples."""
    loss: str | None = None
    legend: str | None = None


def drawable(sizes: Sequence[int]) -> bool:
    """Whether a network of these widths can be drawn legibly."""
    return max(sizes) <= MAX_UNITS and len(sizes) - 1 <= MAX_LAYERS


def require_drawable(sizes: Sequence[int]) -> None:
    """Raise `TooLong` for widths, the input's included, that cannot be drawn legibly."""
    if not drawable(sizes):
        raise TooLong(
            f"a network of {counted(len(sizes) - 1, 'layer')} of up to "
            f"{counted(max(sizes), 'unit')} is too large to draw; "
            f"the limits are {MAX_LAYERS} layers and {MAX_UNITS} units",
            ("network", "layers"),
        )


def network_figure(page: Page, values: bool = True, gradients: bool = False) -> Figure:
    """Draw the network of a page, with s | x if `values`, with ∂E/∂w and ∂E/∂b if `gradients`.

    Raises `TooLong` for a network that is not `drawable`.
    """
    inputs = _texts(page, INPUT)
    widths = [len(page.printed(at(layer, "biases"))) for layer in range(len(page.activations))]
    require_drawable([len(inputs), *widths])
    layers = [_layer(page, layer, values, gradients) for layer in range(len(widths))]
    single = page.samples == 1
    has_target = single and page.has_target
    shows_loss = has_target and values and LOSS in page.worked.printed
    return Figure(
        inputs=tuple(inputs),
        layers=tuple(layers),
        targets=tuple(_texts(page, TARGET)) if has_target else (),
        loss=typeset(page.printed(LOSS).item()) if shows_loss else None,
        legend=_LEGENDS[single] if gradients else None,
    )


_LEGENDS = {
    True: "black: w and b; red: ∂E/∂w, and δ = ∂E/∂b below b",
    False: "black: w and b; red: ∂E/∂w, and ∂E/∂b below b",
}
"""What the colours mean, for a single sample and for several."""


def _layer(page: Page, layer: int, values: bool, gradients: bool) -> DrawnLayer:
    weights, biases = _texts(page, at(layer, "weights")), _texts(page, at(layer, "biases"))
    d_out, d_in = len(weights), len(weights[0])
    s, x = (_texts(page, at(layer, name)) if values else [""] * d_out for name in ("s", "x"))
    slopes: list[list[str | None]] = [[None] * d_in] * d_out
    lifts: list[str | None] = [None] * d_out
    if gradients:
        slopes = _texts(page, at(layer, "weights_gradient"))
        lifts = _texts(page, at(layer, "biases_gradient"))
        if page.samples == 1:
            lifts = [f"δ = {one}" for one in lifts]
    return DrawnLayer(
        units=tuple(Unit(*texts) for texts in zip(biases, s, x, lifts, strict=True)),
        edges=tuple(
            Edge(source, target, weights[target][source], slopes[target][source])
            for target, source in np.ndindex(d_out, d_in)
        ),
        activation=page.activations[layer],
    )


def _texts(page: Page, place: Place) -> Any:
    """The numbers at a place as nested lists of texts with a true minus sign."""
    return np.frompyfunc(typeset, 1, 1)(page.printed(place)).tolist()

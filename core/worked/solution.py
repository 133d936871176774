"""The sheet's Task 5 solved on paper: forward pass, loss, chain rule, update, step by step."""

from collections.abc import Sequence

from jaxtyping import Float

from core.arrays import Array
from core.backprop import backprop
from core.forward import forward
from core.layer import Layer
from core.losses import Loss
from core.worked.budget import require_short
from core.worked.calculation.evaluation import WorkedOut, work_out
from core.worked.calculation.network import (
    ReductionByHand,
    backprop_calculation,
    forward_calculation,
)
from core.worked.derivation import backward, given
from core.worked.derivation import forward as upward
from core.worked.derivation.loss import loss_step, reduced_loss_step
from core.worked.derivation.page import Page
from core.worked.derivation.update import mean_steps, update_steps
from core.worked.document import Block, Document, Equations, Heading, Paragraph, Picture
from core.worked.drawing.figure import drawable, network_figure
from core.worked.rounding import Rounding


def forward_solution(
    layers: Sequence[Layer], x: Float[Array, "samples d_in"], rounding: Rounding
) -> Document:
    """Every s^(l) and x^(l), with the numbers plugged in.

    Raises `TooLong` beyond the budget, `NotFinite` as `core.forward` does.
    """
    sizes = _sizes(layers)
    require_short(sizes, len(x), backward=False)
    forward(layers, x)
    pages = _pages(layers, work_out(forward_calculation(layers, x), rounding))
    blocks = _given(pages[0], sizes, loss=None)
    for page in pages:
        blocks += [*_sample_title(page), *_forward_pass(page)]
    return Document(f"Forward pass of a {given.shape_name(sizes)} network", tuple(blocks))


def backprop_solution(
    layers: Sequence[Layer],
    x: Float[Array, "samples d_in"],
    y: Float[Array, "samples d_out"],
    loss: Loss,
    rounding: Rounding,
    reduction: ReductionByHand = "mean",
    eta: float | None = None,
) -> Document:
    """The forward pass, E, each factor of the chain rule, each gradient; with `eta` the update.

    Raises `TooLong` beyond the budget, `OutOfDomain` and `NotFinite` as `core.backprop` does, and
    `NotFinite` where rounding at each step leads to ln 0.
    """
    sizes = _sizes(layers)
    require_short(sizes, len(x), backward=True, update=eta is not None)
    backprop(layers, x, y, loss, reduction)
    calculation = backprop_calculation(layers, x, y, loss, reduction, eta)
    pages = _pages(layers, work_out(calculation, rounding))
    blocks = _given(pages[0], sizes, loss.name)
    for page in pages:
        blocks += [*_sample_title(page), *_forward_pass(page), *_backward_pass(page, loss.name)]
    if len(pages) > 1:
        blocks.append(Heading(f"{'Mean' if reduction == 'mean' else 'Sum'} over the samples"))
        blocks += [reduced_loss_step(pages[0], reduction), *mean_steps(pages[0], reduction)]
    if eta is not None:
        blocks += [Heading("Update"), *update_steps(pages[0])]
    return Document(f"Backpropagation in a {given.shape_name(sizes)} network", tuple(blocks))


def _sizes(layers: Sequence[Layer]) -> tuple[int, ...]:
    return (layers[0].d_in, *(layer.d_out for layer in layers))


def _pages(layers: Sequence[Layer], worked: WorkedOut) -> list[Page]:
    activations = tuple(layer.activation.name for layer in layers)
    samples = len(worked.carried["x",])
    return [Page(worked, activations, sample) for sample in range(samples)]


def _given(page: Page, sizes: Sequence[int], loss: str | None) -> list[Block]:
    blocks: list[Block] = [Heading("Given")]
    alone = page.samples == 1
    if drawable(sizes):
        caption = f"The {given.shape_name(sizes)} network" + (
            ", each unit with s | x and its bias." if alone else " with its weights and biases."
        )
        blocks.append(Picture(network_figure(page, values=alone), caption))
    sample = given.sample_formulas(page, loss is not None) if alone else ()
    blocks.append(Equations((*sample, *given.parameter_formulas(page))))
    sentences = given.activation_sentences(page.activations)
    if loss is not None:
        sentences.append(given.loss_sentence(loss))
    sentences.append(given.rounding_sentence(page.worked.rounding))
    return [*blocks, *map(Paragraph, sentences)]


def _sample_title(page: Page) -> list[Block]:
    if page.samples == 1:
        return []
    formulas = given.sample_formulas(page, ("y",) in page.worked.carried)
    return [Heading(f"Sample {page.sample + 1}"), Equations(formulas)]


def _part(page: Page, title: str, steps: Sequence[Block]) -> list[Block]:
    return [Heading(title, 1 if page.samples == 1 else 2), *steps]


def _forward_pass(page: Page) -> list[Block]:
    steps = [step for i in range(len(page.activations)) for step in upward.layer_steps(page, i)]
    return _part(page, "Forward pass", steps)


def _backward_pass(page: Page, loss: str) -> list[Block]:
    steps = [
        step
        for layer in reversed(range(len(page.activations)))
        for step in backward.layer_steps(page, layer, loss)
    ]
    return _part(page, "Loss", [loss_step(page, loss)]) + _part(page, "Backward pass", steps)

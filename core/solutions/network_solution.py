"""Worked solution of Task 5 (docs/exercise-sheet.md): forward pass, loss, chain rule, update."""

from collections.abc import Sequence
from dataclasses import replace

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
from core.solutions.derivation import backward, given
from core.solutions.derivation import forward as upward
from core.solutions.derivation.conventions import by_convention
from core.solutions.derivation.loss import loss_step, reduced_loss_step
from core.solutions.derivation.page import Page
from core.solutions.derivation.update import mean_steps, update_steps
from core.solutions.document import Block, Document, Equations, Heading, Paragraph
from core.solutions.given_section import given_section, pages_of, sizes_of
from core.solutions.length_limits import require_page_length
from core.solutions.notation.transposition import transposed
from core.solutions.notation.width import width
from core.solutions.rounding import Rounding
from core.solutions.step import PAGE_WIDTH, Step


def forward_solution(
    layers: Sequence[Layer],
    x: Float[Array, "samples d_in"],
    rounding: Rounding,
    conventions: Conventions = DEFAULT,
    by_rows: bool = False,
) -> Document:
    """Every s^(l) and x^(l), with the numbers plugged in; `layers` are those by the conventions.

    With `by_rows` formulas and numbers are written for row vectors. Raises `TooLong` beyond the
    budget, `NotFinite` as `core.nn.forward` does.
    """
    sizes = sizes_of(layers)
    require_page_length(sizes, len(x), backward=False)
    forward(layers, x)
    pages = pages_of(
        layers, work_out(forward_calculation(layers, x, conventions), rounding), by_rows
    )
    blocks = given_section(pages[0], loss=None, values=len(pages) == 1)
    blocks += _about_the_page(rounding, by_rows)
    for page in pages:
        blocks += [*_sample_title(page), *_forward_pass(page)]
    return _document(f"Forward pass of a {given.shape_name(sizes)} network", blocks, by_rows)


def backprop_solution(
    layers: Sequence[Layer],
    x: Float[Array, "samples d_in"],
    y: Float[Array, "samples d_out"],
    loss: Loss,
    rounding: Rounding,
    reduction: Reduction = "mean",
    eta: float | None = None,
    conventions: Conventions = DEFAULT,
    weights: Float[Array, " samples"] | None = None,
    by_rows: bool = False,
) -> Document:
    """The forward pass, E, each factor of the chain rule, each gradient; with `eta` the update.

    `weights` multiply the E of the samples. With `by_rows` all is written for row vectors. With
    reduction none several samples keep their own gradients. Raises `TooLong` beyond the budget,
    `OutOfDomain` and `NotFinite` as `core.nn.backprop` and the conventions do, `OutOfDomain` for an
    update with reduction none, and `NotFinite` where rounding at each step leads to ln 0.
    """
    sizes = sizes_of(layers)
    together = len(x) > 1 and reduction != "none"
    if eta is not None and len(x) > 1 and not together:
        raise OutOfDomain(
            f"an update takes the mean or the sum of the gradients of {len(x)} samples, "
            "but the reduction is none",
            ("reduction",),
        )
    require_page_length(sizes, len(x), backward=True, update=eta is not None)
    conventions.backpropagation(backprop(layers, x, y, loss, reduction), layers, reduction)
    by_hand = "sum" if reduction == "none" else reduction
    calculation = backprop_calculation(layers, x, y, loss, by_hand, eta, conventions, weights)
    pages = pages_of(layers, work_out(calculation, rounding), by_rows)
    blocks = given_section(pages[0], loss.name, values=len(pages) == 1)
    blocks += _about_the_page(rounding, by_rows)
    for page in pages:
        title = _sample_title(page)
        blocks += [*title, *_forward_pass(page), *_backward_pass(page, loss.name)]
    if together:
        blocks.append(Heading(f"{'Mean' if reduction == 'mean' else 'Sum'} over the samples"))
        blocks += [reduced_loss_step(pages[0], reduction), *mean_steps(pages[0], reduction)]
    if eta is not None:
        blocks += [Heading("Update"), *update_steps(pages[0])]
    written = [by_convention(pages[0], one) if isinstance(one, Step) else one for one in blocks]
    return _document(f"Backpropagation in a {given.shape_name(sizes)} network", written, by_rows)


def _about_the_page(rounding: Rounding, by_rows: bool) -> list[Block]:
    rounded = Paragraph(given.rounding_sentence(rounding))
    return [Paragraph(given.rows_sentence()), rounded] if by_rows else [rounded]


def _document(title: str, blocks: Sequence[Block], by_rows: bool) -> Document:
    return Document(title, tuple(map(_by_rows, blocks) if by_rows else blocks))


def _by_rows(block: Block) -> Block:
    """The block with rows for columns; forms that no line holds then are left out of a step."""
    if isinstance(block, Equations):
        return Equations(tuple(map(transposed, block.formulas)))
    if not isinstance(block, Step):
        return block
    forms = [transposed(one) for one in block.substituted]
    kept = (*forms[:1], *(one for one in forms[1:] if width(one) <= PAGE_WIDTH))
    formula, shown = transposed(block.formula), transposed(block.shown)
    return replace(block, formula=formula, substituted=kept, shown=shown)


def _sample_title(page: Page) -> list[Block]:
    if page.samples == 1:
        return []
    formulas = given.sample_formulas(page, page.has_target)
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

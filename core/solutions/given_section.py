"""The part of a document that says what is given: drawing, numbers, functions."""

from collections.abc import Sequence

from core.nn.layer import Layer
from core.solutions.calculation.evaluation import WorkedOut
from core.solutions.calculation.quantity import INPUT
from core.solutions.derivation import given
from core.solutions.derivation.conventions import convention_sentences
from core.solutions.derivation.page import Page
from core.solutions.document import Block, Equations, Heading, Paragraph, Picture
from core.solutions.drawing.diagram import drawable, network_figure


def sizes_of(layers: Sequence[Layer]) -> tuple[int, ...]:
    """(d^(0), …, d^(L))."""
    return (layers[0].d_in, *(layer.d_out for layer in layers))


def pages_of(layers: Sequence[Layer], worked: WorkedOut, by_rows: bool = False) -> list[Page]:
    """What has been worked out, sample by sample."""
    activations = tuple(layer.activation.name for layer in layers)
    samples = range(len(worked.carried[INPUT]))
    return [Page(worked, activations, sample, by_rows) for sample in samples]


def given_section(page: Page, loss: str | None, values: bool) -> list[Block]:
    """All that is given; s and x stand in the drawing if `values`."""
    blocks: list[Block] = [Heading("Given")]
    sizes = page.sizes
    if drawable(sizes):
        filled = ", each unit with s | x and its bias." if values else " with its numbers."
        caption = f"The {given.shape_name(sizes)} network{filled}"
        blocks.append(Picture(network_figure(page, values=values), caption))
    sample = given.sample_formulas(page, page.has_target) if page.samples == 1 else ()
    blocks.append(Equations((*sample, *given.parameter_formulas(page))))
    sentences = given.activation_sentences(page.activations, page.leak)
    if loss is not None:
        sentences.append(given.loss_sentence(loss))
        if page.given_weight:
            sentences.append(given.weight_sentence(page))
        sentences += convention_sentences(page)
    return [*blocks, *map(Paragraph, sentences)]

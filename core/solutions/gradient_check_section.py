"""The part of a document that says how far backpropagation is from a numerical derivative."""

from decimal import Decimal

from core.gradient_check.check import GradientCheck
from core.solutions.calculation.quantity import at
from core.solutions.derivation.page import number
from core.solutions.derivation.symbols import symbol_of
from core.solutions.document import Block, Heading, Paragraph
from core.solutions.notation.tree import Number, Scripts, joined
from core.solutions.step import Sentence

_METHODS = {"complex_step": "complex steps"}


def gradient_check_part(check: GradientCheck) -> list[Block]:
    """The largest relative error and where it is; units that sit on a kink."""
    blocks: list[Block] = [Heading("Check")]
    blocks.append(
        Paragraph(_comparison(check) if check.compared else ("Every unit is at a kink.",))
    )
    if check.kinks:
        units = ", ".join(f"unit {k.unit + 1} of layer {k.layer + 1}" for k in check.kinks)
        blocks.append(Paragraph((f"At its kink, where there is no derivative: {units}.",)))
    return blocks


def _comparison(check: GradientCheck) -> Sentence:
    gradient = symbol_of(at(check.layer, f"{check.parameter}_gradient"))
    index = joined((Number(str(one + 1)) for one in check.index), "comma")
    error = number(Decimal(f"{check.max_relative_error:.1e}"))
    return (
        f"All {check.compared} gradients were compared with numerical derivatives by "
        f"{_METHODS[check.method]}. The largest relative error is ",
        error,
        ", of ",
        Scripts(gradient, below=index),
        ".",
    )

"""Mistakes in one term of a sum: left out, with the wrong sign, or with the wrong partner."""

from collections.abc import Iterator

from core.solutions.calculation.functions import Numbers
from core.solutions.calculation.quantity import Formula, Values
from core.solutions.checking.mistakes.mistake import (
    Mistake,
    Mistaken,
    Variants,
    columns,
    family,
    mistake,
    permuted,
    swaps,
)


def _width(v: Values, role: str) -> int:
    return int(v[role].shape[-1])


def _marked(count: int, chosen: int, other: int, rest: int) -> list[int]:
    """`other` at the place chosen, `rest` everywhere else."""
    return [other if i == chosen else rest for i in range(count)]


def _one_term(role: str, other: int, rest: int, least: int) -> Variants:
    def variants(v: Values) -> Iterator[Mistaken]:
        count = _width(v, role)
        for chosen in range(count if count >= least else 0):
            yield columns(role, _marked(count, chosen, other, rest))

    return variants


def _exchanged(role: str) -> Variants:
    return lambda v: (permuted(role, order) for order in swaps(_width(v, role)))


def _in_proportion(f: Formula, v: Values) -> Numbers:
    """Σ_j w_jk / (Σ_i w_ji) e_j: the error above, shared out by the weights."""
    weights = v["weights"]
    totals = weights.sum(axis=-1, keepdims=True)
    return v["x_gradient_above"] @ (weights / totals)


IN_A_WEIGHTED_SUM: tuple[Mistake, ...] = (
    family(
        "inputs_exchanged",
        "Two inputs are exchanged: each weight was multiplied by the other's input.",
        "s",
        _exchanged("x_below"),
    ),
    family(
        "term_left_out",
        "One product w x is missing in the sum.",
        "s",
        _one_term("x_below", 0, 1, least=2),
    ),
    family(
        "term_with_wrong_sign",
        "One product w x was subtracted instead of added.",
        "s",
        _one_term("x_below", -1, 1, least=1),
    ),
)

IN_THE_SUM_OVER_PATHS: tuple[Mistake, ...] = (
    family(
        "only_one_path",
        "Only the path through one unit above was taken; the sum runs over all of them.",
        "x_gradient",
        _one_term("delta", 1, 0, least=2),
        needs="delta weights",
    ),
    family(
        "path_left_out",
        "The path through one of the units above is missing in the sum.",
        "x_gradient",
        _one_term("delta", 0, 1, least=3),
        needs="delta weights",
    ),
    family(
        "path_with_wrong_sign",
        "The path through one of the units above was subtracted instead of added.",
        "x_gradient",
        _one_term("delta", -1, 1, least=2),
        needs="delta weights",
    ),
    family(
        "deltas_exchanged",
        "Two deltas above are exchanged: each weight was multiplied by the other's delta.",
        "x_gradient",
        _exchanged("delta"),
        needs="delta weights",
    ),
    mistake(
        "error_split_by_weights",
        "The error above was split in proportion to the weights; the chain rule multiplies "
        "delta by each weight.",
        "x_gradient",
        _in_proportion,
        needs="delta weights x_gradient_above",
    ),
)

"""The update of an optimizer that has moments: its rule, and what came of it."""

from collections.abc import Sequence
from decimal import Decimal

from core.nn.layer import Layer
from core.solutions.calculation.functions import each
from core.solutions.derivation.page import as_array, number
from core.solutions.derivation.symbols import by, of_layer
from core.solutions.notation.tree import Fenced, Fraction, Mark, Math, Root, Row, Scripts, row
from core.solutions.rounding import Rounding, as_decimals
from core.solutions.step import Sentence
from core.training.optimizers import GradientDescent, Momentum, Nesterov, Optimizer
from core.training.updates.lbfgs import LBFGS
from core.training.updates.update_rule import UpdateRule

_G, _M, _V, _W = by(Mark("w")), Mark("m"), Mark("v"), Mark("w")


def update_rule(optimizer: Optimizer) -> Sentence:
    """How the optimizer changes each parameter; m and v are kept from iteration to iteration."""
    if isinstance(optimizer, GradientDescent):
        return ("Each parameter changes by ", row(_W, "arrow", _W, "minus",
                _decimal(optimizer.eta), _G), ".")  # fmt: skip
    if isinstance(optimizer, LBFGS):
        return (
            "Each parameter moves along the quasi-Newton direction of L-BFGS, as far as a line "
            "search finds the loss low enough (Nocedal and Wright, algorithm 7.5).",
        )
    if isinstance(optimizer, Nesterov):
        kept = row(_V, "arrow", _decimal(optimizer.momentum), _V, "plus", _G)
        ahead = row(_G, "plus", _decimal(optimizer.momentum), _V)
        step = row(_W, "arrow", _W, "minus", _decimal(optimizer.eta), Fenced(ahead))
        return ("Each parameter changes by ", kept, " and ", step, ".")
    if isinstance(optimizer, Momentum):
        kept = row(_V, "arrow", _decimal(optimizer.momentum), _V, "plus", _G)
        step = row(_W, "arrow", _W, "minus", _decimal(optimizer.eta), _V)
        return ("Each parameter changes by ", kept, " and ", step, ".")
    square = Scripts(Fenced(_G), above=row(2))
    mean = _average(_M, optimizer.beta1, _G)
    spread = _average(_V, optimizer.beta2, square)
    root = Root(_corrected(_V, optimizer.beta2))
    quotient = Fraction(
        _corrected(_M, optimizer.beta1), row(root, "plus", _decimal(optimizer.epsilon))
    )
    step = row(_W, "arrow", _W, "minus", _decimal(optimizer.eta), quotient)
    return ("Each parameter changes in iteration ", Mark("k"), " by ", mean, ", ", spread,
            " and ", step, ".")  # fmt: skip


def extended_rule(rule: UpdateRule, iteration: int, plateaus: int) -> Sentence | None:
    """What the update does beside the optimizer's step; None where that is all of it.

    `plateaus` is how often the watched loss has stopped falling before the iteration.
    """
    parts = []
    if rule.clip_norm is not None:
        parts.append(f"a gradient longer than {rule.clip_norm:g} is shortened to that length")
    if rule.weight_decay:
        parts.append(f"η {rule.weight_decay:g} times each weight is taken off it")
    if rule.schedule is not None:
        factor = rule.schedule.factor(iteration, rule.iterations, plateaus)
        parts.append(f"the change is multiplied by {factor:.6g}, as the schedule says")
    if not parts:
        return None
    text = "; ".join(parts)
    return (f"{text[0].upper()}{text[1:]}.",)


def changed_parameters(layers: Sequence[Layer], rounding: Rounding) -> tuple[Math, ...]:
    """w^(l) and b^(l) after the iteration."""
    return tuple(
        row(of_layer(letter, i), "arrow", as_array(each(rounding.rounded, as_decimals(numbers))))
        for i, layer in enumerate(layers, start=1)
        for letter, numbers in (("w", layer.weights), ("b", layer.biases))
    )


def _average(kept: Mark, share: float, new: Math) -> Row:
    rest = Decimal(1) - Decimal(str(share))
    return row(kept, "arrow", _decimal(share), kept, "plus", number(rest), new)


def _corrected(moment: Mark, share: float) -> Fraction:
    return Fraction(moment, row(1, "minus", Scripts(_decimal(share), above=Mark("k"))))


def _decimal(value: float) -> Math:
    return number(Decimal(str(value)))

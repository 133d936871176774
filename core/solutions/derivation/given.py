"""What a solution starts from: the network, the sample, the functions, and how it is rounded."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import chain

from core.solutions.calculation.activations import LEAK
from core.solutions.calculation.quantity import ETA, INPUT, SAMPLE_WEIGHTS, TARGET, at
from core.solutions.derivation.loss import loss_formula
from core.solutions.derivation.page import Page, number
from core.solutions.derivation.symbols import function_of
from core.solutions.notation.tree import Fraction, Limits, Mark, Math, Scripts, row
from core.solutions.rounding import Rounding
from core.solutions.step import Sentence

S: Math = Mark("s")


def shape_name(sizes: Sequence[int]) -> str:
    """The widths as text: 2-3-2."""
    return "-".join(map(str, sizes))


def sample_formulas(page: Page, with_target: bool) -> tuple[Math, ...]:
    """x^(0) = … and y = … of the page's sample."""
    places = (INPUT, TARGET, *page.given_weight) if with_target else (INPUT,)
    return tuple(row(page.symbol(place), "equals", page.shown(place)) for place in places)


def parameter_formulas(page: Page) -> tuple[Math, ...]:
    """w^(l) = … and b^(l) = … of every layer; η where there is an update."""
    places = chain.from_iterable(
        (at(layer, "weights"), at(layer, "biases")) for layer in range(len(page.activations))
    )
    eta = (ETA,) if ETA in page.worked.calculation.given else ()
    return tuple(row(page.symbol(place), "equals", page.shown(place)) for place in (*places, *eta))


def activation_sentences(activations: Sequence[str], leak: Decimal = LEAK) -> list[Sentence]:
    """Which activation each layer has, and its formula."""
    sentences: list[Sentence] = []
    for name in dict.fromkeys(activations):
        layers = [i + 1 for i, one in enumerate(activations) if one == name]
        where = "Every layer has" if len(layers) == len(activations) else _layers(layers)
        defined = _leaking(leak) if name == "leaky_relu" else _DEFINITIONS[name]
        definition = row(function_of(name, S), "equals", defined)
        sentences.append((f"{where} the activation ", definition, "."))
    return sentences


def weight_sentence(page: Page) -> Sentence:
    """That E of each sample is multiplied."""
    what = "the sample has" if page.samples == 1 else "each sample has"
    return (f"E is multiplied by the weight {what}, ", page.symbol(SAMPLE_WEIGHTS), ".")


def loss_sentence(loss: str) -> Sentence:
    """The loss in the letters of docs/exercise-sheet.md."""
    if loss == "none":
        return (
            "There is no loss: ",
            Mark("E"),
            " is the output itself.",
        )
    output = Scripts(Mark("yhat"), below=Mark("k"))
    target = Scripts(Mark("y"), below=Mark("k"))
    arguments = row("(", "yhat", "comma", "y", ")")
    formula = row("E", arguments, "equals", loss_formula(loss, output, target))
    output_layer = row("yhat", "equals", Scripts(Mark("x"), above=row("(", "L", ")")))
    return ("The loss is ", formula, ", with the output ", output_layer, " of the last layer.")


def rows_sentence() -> Sentence:
    """What is written otherwise where vectors are rows."""
    return ("Vectors are rows; weights have a row for each input, a column for each unit.",)


def rounding_sentence(rounding: Rounding) -> Sentence:
    """How the numbers on the page came about."""
    digits = _digits(rounding)
    if rounding.each_step:
        return (f"Every result is rounded to {digits}, and the rounded number is carried on.",)
    return (f"Everything is computed exactly; what is shown is rounded to {digits}.",)


def rounding_instruction(rounding: Rounding) -> Sentence:
    """How the numbers are to be rounded."""
    if rounding.each_step:
        return (f"Round every result to {_digits(rounding)} and go on with the rounded number.",)
    return (f"Compute as exactly as you can, and round what you write to {_digits(rounding)}.",)


def _digits(rounding: Rounding) -> str:
    what = "decimals" if rounding.kind == "decimals" else "significant digits"
    return f"{rounding.digits} {what if rounding.digits != 1 else what[:-1]}"


def _layers(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"Layer {numbers[0]} has"
    return f"Layers {', '.join(map(str, numbers[:-1]))} and {numbers[-1]} have"


def _power(exponent: Math) -> Math:
    return Scripts(Mark("e"), above=exponent)


def _leaking(leak: Decimal) -> Math:
    return row("max", "(", "s", "comma", number(leak), "s", ")")


_OF_UNIT = Scripts(S, below=Mark("k"))
_DEFINITIONS: dict[str, Math] = {
    "sigmoid": Fraction(row(1), row(1, "plus", _power(row("minus", "s")))),
    "relu": row("max", "(", "s", "comma", 0, ")"),
    "tanh": Fraction(
        row(_power(S), "minus", _power(row("minus", "s"))),
        row(_power(S), "plus", _power(row("minus", "s"))),
    ),
    "identity": S,
    "softplus": row("ln", "(", 1, "plus", _power(S), ")"),
    "step": row("[", "s", "at_least", 0, "]"),
    "softmax": Fraction(
        _power(_OF_UNIT),
        row(Limits(Mark("sum"), Mark("j")), _power(Scripts(S, below=Mark("j")))),
    ),
}

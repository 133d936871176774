"""What a number is called in a sentence, counted from 1 as in docs/exercise-sheet.md."""

from core.conventions import USUAL_FORM, WeightsForm
from core.errors import Place

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_OF_LAYER = {
    "s": "s{l}",
    "x": "x{l}",
    "x_gradient": "∂E/∂x{l}",
    "slope": "σ′(s{l})",
    "delta": "δ{l}",
    "weights_gradient": "∂E/∂w{l}",
    "sample_weights_gradients": "∂E/∂w{l}",
    "biases_gradient": "∂E/∂b{l}",
    "updated_weights": "the new w{l}",
    "updated_biases": "the new b{l}",
}
_FIXED = {
    "loss": "E",
    "losses": "E",
    "x_gradient": "∂E/∂x⁽⁰⁾",
    "spacing": "h",
    "grid": "x",
    "values": "f",
    "knots": "b",
}
MATRICES = {"weights_gradient", "updated_weights", "sample_weights_gradients"}
_PER_SAMPLE = {"s", "x", "x_gradient", "slope", "delta", "losses", "sample_weights_gradients"}
_POINTS = {"grid", "values", "knots"}


def quantity_name(place: Place) -> str:
    """The quantity, "δ⁽²⁾"."""
    if place[0] == "layers":
        layer = f"⁽{str(int(place[1]) + 1).translate(_SUPERSCRIPTS)}⁾"
        return _OF_LAYER[str(place[2])].format(l=layer)
    if place[0] == "lambdas":
        return f"λ{_index(int(place[1]))}"
    return _FIXED[str(place[0])]


def number_name(
    place: Place, index: tuple[int, ...], samples: int, form: WeightsForm = USUAL_FORM
) -> str:
    """One number of it, "δ⁽²⁾ of unit 1" or "∂E/∂w⁽²⁾ in row 1, column 3" in this form."""
    name, kind = quantity_name(place), str(place[-1])
    if kind in _POINTS:
        return f"{name}{_index(index[0])}"
    of_sample = ""
    if kind in _PER_SAMPLE and index:
        of_sample = f", sample {index[0] + 1}" if samples > 1 else ""
        index = index[1:]
    if kind in MATRICES:
        row, column = form.index(*index)
        return f"{name} in row {row + 1}, column {column + 1}{of_sample}"
    what = "input" if place == ("x_gradient",) else "unit"
    return f"{name}{f' of {what} {index[0] + 1}' if index else ''}{of_sample}"


def _index(index: int) -> str:
    return str(index + 1).translate(_SUBSCRIPTS)

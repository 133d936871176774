"""POST /approximate: what of a question goes together."""

from typing import TYPE_CHECKING, NoReturn

from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from service.wire.approximate import ApproximateQuestion


def require_consistent(question: "ApproximateQuestion") -> None:
    """Raise `PydanticCustomError` where two parts of the question exclude one another."""
    if (question.function is None) == (question.samples is None):
        _refuse("one_source", "give either function or samples")
    if question.samples is not None:
        _require_samples_alone(question)
    else:
        _require_size(question)
    if question.side != "both" and not question.is_minimal:
        _refuse("side", "only the grid minimal can keep to one side")
    if question.precision == "float32" and question.quantize:
        _refuse("precision", "numbers are either float32 or quantized")
    if question.error == "relative" and question.choice is not None and question.choice.is_short:
        _refuse("error", "short numbers have an absolute error")


def _require_samples_alone(question: "ApproximateQuestion") -> None:
    if question.interval or question.grid is not None:
        _refuse("samples", "samples are their own grid: no interval, no grid")
    if question.n and question.tolerance:
        _refuse("samples", "samples take n or tolerance, not both")
    if question.error != "absolute":
        _refuse("error", "the error of samples is absolute")
    if question.samples and question.samples.weights is not None and not question.is_fitted:
        _refuse("samples", "weights need n or tolerance")


def _require_size(question: "ApproximateQuestion") -> None:
    if not isinstance(question.rule, str):
        if question.n or question.tolerance:
            _refuse("grid", "a grid of numbers has its own n, and no tolerance")
    elif not question.interval or (question.n is None) == (question.tolerance is None):
        _refuse(
            "grid",
            "a function needs interval and n, or interval and tolerance, or a grid of numbers",
        )
    elif question.tolerance and question.error == "relative" and not question.is_minimal:
        _refuse("grid", "a relative tolerance needs the grid minimal")


def _refuse(kind: str, sentence: str) -> NoReturn:
    raise PydanticCustomError(kind, sentence)

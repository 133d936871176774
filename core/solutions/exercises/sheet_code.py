"""The code printed on a sheet: short enough to type, enough to make sheet and key again."""

import re

from core.conventions import Conventions
from core.errors import OutOfDomain
from core.solutions.exercises.network_task import NetworkTask
from core.solutions.exercises.relu_exercise import ReluTask
from core.solutions.rounding import Rounding

Task = NetworkTask | ReluTask
KINDS = {"f": "forward", "b": "backprop", "u": "update"}
ACTIVATIONS = {
    "s": "sigmoid",
    "r": "relu",
    "t": "tanh",
    "i": "identity",
    "l": "leaky_relu",
    "p": "softplus",
    "m": "softmax",
}
LOSSES = {
    "q": "squared",
    "b": "binary_cross_entropy",
    "c": "cross_entropy",
    "s": "squared_sum",
    "m": "mean_squared",
}
_DECIMAL = r"[0-9.]{1,20}(?:e-?[0-9]{1,3})?"
_NETWORK = re.compile(
    r"([fbu])([0-9]{1,16})-([1-9]{2,8})-([srtilpm]{1,7})-([qbcsm])-(\w{2,4})"
    rf"(?:-(e?)(u?)(b?)(?:k({_DECIMAL}))?(?:p({_DECIMAL}))?)?"
)
_SYSTEM = re.compile(r"r([0-9]{1,16})-([0-9]{1,2})-(\w{2,4})")
_ROUNDING = re.compile(r"([dg])([0-9]{1,2})(e?)")


def code_of(task: Task, seed: int) -> str:
    """As B7-232-ss-q-d3: kind and seed, widths, activations, loss, digits (e: at each step).

    Conventions follow: e for δ by the error, u for the update as a step, b for a shared bias, k and
    the slope of the leaky ReLU, p and λ of the penalty: B7-232-ll-q-d3-ek0.2.
    """
    digits = _digits(task.rounding)
    if isinstance(task, ReluTask):
        return f"R{seed}-{task.n}-{digits}"
    letters = {name: letter for letter, name in ACTIVATIONS.items()}
    kinds = {name: letter for letter, name in KINDS.items()}
    losses = {name: letter for letter, name in LOSSES.items()}
    widths = "".join(map(str, task.sizes))
    activations = "".join(letters[name] for name in task.activations)
    kind, loss = kinds[task.kind].upper(), losses[task.loss]
    return f"{kind}{seed}-{widths}-{activations}-{loss}-{digits}{_suffix(task.conventions)}"


def task_of(code: str) -> tuple[Task, int]:
    """The task and the seed of a code; raises `OutOfDomain` for what is none."""
    text = code.strip().lower()
    if found := _SYSTEM.fullmatch(text):
        seed, n, digits = found.groups()
        return ReluTask(int(n), _rounding(code, digits)), int(seed)
    if found := _NETWORK.fullmatch(text):
        kind, seed, widths, activations, loss, digits, *conventions = found.groups()
        if len(widths) == len(activations) + 1:
            task = NetworkTask(
                KINDS[kind],  # type: ignore[arg-type]
                tuple(map(int, widths)),
                tuple(ACTIVATIONS[letter] for letter in activations),
                LOSSES[loss],
                _rounding(code, digits),
                _conventions(code, *conventions),
            )
            return task, int(seed)
    raise _no_code(code)


def _suffix(book: Conventions) -> str:
    parts = (
        "e" if book.delta == "error" else "",
        "u" if book.update == "step" else "",
        "b" if book.shared_bias else "",
        "" if book.leak is None else f"k{book.leak!r}",
        f"p{book.l2!r}" if book.l2 else "",
    )
    return f"-{''.join(parts)}" if any(parts) else ""


def _conventions(
    code: str,
    error: str | None,
    step: str | None,
    shared: str | None,
    leak: str | None,
    l2: str | None,
) -> Conventions:
    return Conventions(
        "error" if error else "gradient",
        "step" if step else "parameter",
        bool(shared),
        None if leak is None else _decimal(code, leak),
        0.0 if l2 is None else _decimal(code, l2),
    )


def _decimal(code: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise _no_code(code) from None


def _digits(rounding: Rounding) -> str:
    kind = "d" if rounding.kind == "decimals" else "g"
    return f"{kind}{rounding.digits}{'e' if rounding.each_step else ''}"


def _rounding(code: str, text: str) -> Rounding:
    found = _ROUNDING.fullmatch(text)
    if not found:
        raise _no_code(code)
    kind, digits, each_step = found.groups()
    return Rounding(
        int(digits),
        "decimals" if kind == "d" else "significant_digits",
        "each_step" if each_step else "display",
    )


def _no_code(code: str) -> OutOfDomain:
    return OutOfDomain(
        f"{code!r} is no code of a sheet; it is printed on the sheet, as B7-232-ss-q-d3", ("code",)
    )

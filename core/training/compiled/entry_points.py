"""The compiled functions that Python calls, as functions of C: their names, arguments and results.

Arrays are passed as addresses; their lengths follow from the other arguments.
"""

from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    """What an argument or a result is, in the precision of the training where it has one."""

    NUMBERS = "address of numbers in the precision"
    INDICES = "address of int64"
    FLOATS = "address of float64"
    INTEGER = "int64"
    FLOAT = "float64"
    NUMBER = "number in the precision"


class EntryPoint(NamedTuple):
    """A function with its module, which is imported to compile it."""

    module: str
    arguments: tuple[Kind, ...]
    result: Kind


_NUMBERS, _INDICES, _FLOATS, _INTEGER, _FLOAT, _NUMBER = Kind
_LOOPS = "core.training.compiled.kernels.loops"
# array, at; layers, sizes, codes; loss, factor; block
_NETWORK = (
    *(_NUMBERS, _INDICES),
    *(_INTEGER, _INDICES, _INDICES),
    *(_INTEGER, _FLOAT),
    _INTEGER,
)
# size, optimizer, parameters; has_rule, factors; first, losses, count
_TRAINING = (
    *(_INTEGER, _INTEGER, _FLOATS),
    *(_INTEGER, _FLOATS),
    *(_INTEGER, _FLOATS, _INTEGER),
)

ENTRY_POINTS = {
    "train_full_batch": EntryPoint(_LOOPS, (*_NETWORK, *_TRAINING, _INTEGER), _INTEGER),
    "train_batches": EntryPoint(
        _LOOPS,
        (
            *_NETWORK,
            *_TRAINING,
            *(_NUMBERS, _NUMBERS, _INTEGER),  # x, y, samples
            *(_INDICES, _INTEGER, _INTEGER, _INTEGER),  # orders, epochs, batch_size, start
        ),
        _INTEGER,
    ),
    "evaluate": EntryPoint(
        _LOOPS,
        # x, y, samples; rows, outputs
        (*_NETWORK, *(_NUMBERS, _NUMBERS, _INTEGER), *(_INDICES, _NUMBERS)),
        _FLOAT,
    ),
    "adapt": EntryPoint(
        "core.training.compiled.fused_adam",
        # count; w, g, m, v; beta1, beta2, rate, shift
        (_INTEGER, *[_NUMBERS] * 4, *[_NUMBER] * 4),
        _INTEGER,
    ),
}
PRECISIONS = ("float64", "float32")
KERNELS = tuple((name, precision) for name in ENTRY_POINTS for precision in PRECISIONS)
"""All of them, as an object file has them."""


def symbol(name: str, precision: str) -> str:
    """The name of an entry point in the object file."""
    return f"chainrule_{name}_{precision}"

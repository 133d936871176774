"""Which trainings are stacked, and how many at once: by the specification and the samples alone."""

from core.activations import SIGMOID, SOFTMAX
from core.cost import parameter_count
from core.losses import BINARY_CROSS_ENTROPY, SQUARED
from core.specification import Specification

NETWORKS = 16
"""What a call costs is spread thin enough by then."""
NUMBERS = 4096
"""Of the widest layer's x, and of the parameters: above, arithmetic takes longer than calls."""


def networks_at_once(specification: Specification, samples: int) -> int:
    """How many trainings on so many samples make a stack; 1 where each goes faster alone."""
    return NETWORKS if is_stackable(specification, samples) else 1


def is_stackable(specification: Specification, samples: int) -> bool:
    """Whether a stack is faster, and exact: one small full batch, and nothing watched.

    With mini-batches, validation or early stopping each training has an order, or an end, of its
    own to look after; softmax and the losses without a fast way have no form for stacks.
    """
    sizes, last = specification.sizes, specification.activation_functions[-1]
    loss = specification.loss_function
    has_form = (loss is SQUARED and last is not SOFTMAX) or (
        loss is BINARY_CROSS_ENTROPY and last is SIGMOID
    )
    is_plain = not specification.validation_fraction and specification.early_stopping is None
    is_whole = specification.batch_size in (None, samples) and specification.data_parallel is None
    is_small = max(samples * max(sizes), parameter_count(sizes)) <= NUMBERS
    return has_form and is_plain and is_whole and is_small

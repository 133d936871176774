"""Which trainings are stacked, and how many at once: by the specification and the samples alone."""

from core.nn.activations import SIGMOID, SOFTMAX
from core.nn.losses import BINARY_CROSS_ENTROPY, SQUARED
from core.nn.parameters import parameter_count
from core.training.compiled.arithmetic import NUMPY
from core.training.config import TrainingConfig
from core.training.updates.lbfgs import LBFGS

TINY_NETWORKS, SMALL_NETWORKS = 16, 8
"""What a call costs is spread thin enough by then; more in a stack leave less to spread."""
TINY, SMALL = 1024, 4096
"""Numbers of the widest layer's x, and of the parameters: above, arithmetic outweighs the calls."""


def stack_size(specification: TrainingConfig, samples: int) -> int:
    """The number of trainings in a stack; 1 where each is faster alone."""
    if not is_stackable(specification, samples):
        return 1
    return TINY_NETWORKS if _numbers(specification, samples) <= TINY else SMALL_NETWORKS


def is_stackable(specification: TrainingConfig, samples: int) -> bool:
    """Whether a stack is faster, and exact: one small full batch, and nothing watched.

    With mini-batches, validation or early stopping each training has its own order or its own end;
    softmax and the losses without a fast form have none for stacks, and a compiled training has no
    calls to save.
    """
    last, loss = specification.activation_functions[-1], specification.loss_function
    has_form = (loss is SQUARED and last is not SOFTMAX) or (
        loss is BINARY_CROSS_ENTROPY and last is SIGMOID
    )
    is_numpy = specification.arithmetic == NUMPY
    is_plain = not specification.validation_fraction and specification.early_stopping is None
    is_whole = specification.batch_size in (None, samples) and specification.data_parallel is None
    is_small = _numbers(specification, samples) <= SMALL
    has_plain_step = (
        specification.has_plain_update
        and not specification.label_smoothing
        and not isinstance(specification.optimizer, LBFGS)
    )
    return is_numpy and has_form and is_plain and is_whole and is_small and has_plain_step


def _numbers(specification: TrainingConfig, samples: int) -> int:
    sizes = specification.sizes
    return max(samples * max(sizes), parameter_count(sizes))

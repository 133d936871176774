"""The compiled backend, loaded only where a training asks for it: numba is an optional extra."""

from jaxtyping import Float

from core.arrays import Array
from core.errors import ArithmeticUnavailable
from core.training.backend import TrainingBackend
from core.training.compiled import cache
from core.training.config import TrainingConfig


def compiled_backend(
    config: TrainingConfig,
    x: Float[Array, "samples d_x"],
    y: Float[Array, "samples d_y"],
    parameters: Float[Array, " p"],
    moments: Float[Array, "moments p"],
) -> TrainingBackend:
    """Raises `ArithmeticUnavailable` where the kernels are not there: there is no substitute."""
    if not cache.is_ready():
        raise ArithmeticUnavailable(
            f"the training was accepted with the arithmetic {config.arithmetic!r}, whose kernels "
            "are not compiled here: install the extra 'fast' and run 'chainrule compile'",
        )
    from core.training.compiled_backend.backend import CompiledBackend

    return CompiledBackend(config, x, y, parameters, moments)

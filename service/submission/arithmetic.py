"""The arithmetic of a training, decided when it is accepted and recorded in its job."""

from dataclasses import replace

from core.training.compiled import cache
from core.training.compiled.arithmetic import LANES
from core.training.compiled_backend.coverage import is_covered
from core.training.config import TrainingConfig
from service.settings import Settings


def with_arithmetic(config: TrainingConfig, settings: Settings) -> TrainingConfig:
    """The training with compiled kernels where they cover it and the workers have them.

    Of a Dask cluster's workers that is not known; the operator may say so.
    """
    workers_have_them = settings.arithmetic == "lanes" or not settings.dask_scheduler
    is_wanted = settings.arithmetic != "numpy" and workers_have_them
    if is_wanted and cache.is_ready() and is_covered(config):
        return replace(config, arithmetic=LANES)
    return config

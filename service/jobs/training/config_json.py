"""The specification of a training as the JSON text of its row, and back."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from core.tables.scaling import Scaling
from core.tables.split import Fold
from core.training.config import EarlyStopping, TrainingConfig
from core.training.optimizers import OPTIMIZERS
from core.training.updates.schedules import SCHEDULES, Schedule

DATA_PARALLEL = "data_parallel"
"""The kind of a training whose batches are cut into shards."""
NOT_OF_THE_CONFIG = ("kind", "description")


def to_text(specification: TrainingConfig) -> str:
    """JSON with a key for every field, and the kind of the job unless it is a plain training."""
    kind = {} if specification.data_parallel is None else {"kind": DATA_PARALLEL}
    return json.dumps(asdict(specification) | kind, allow_nan=False)


def from_text(text: str) -> TrainingConfig:
    """The specification of `to_text`, equal in every bit."""
    fields = {
        name: value for name, value in json.loads(text).items() if name not in NOT_OF_THE_CONFIG
    }
    optimizer = OPTIMIZERS[fields["optimizer"]["name"]]
    stopping, scaling = fields["early_stopping"], fields.get("scaling")
    fold = fields.get("fold")
    return TrainingConfig(
        **{
            **fields,
            "sizes": tuple(fields["sizes"]),
            "activations": tuple(fields["activations"]),
            "optimizer": optimizer(**fields["optimizer"]),
            "early_stopping": None if stopping is None else EarlyStopping(**stopping),
            "fold": None if fold is None else Fold(**fold),
            "schedule": _schedule(fields.get("schedule")),
            "scaling": None
            if scaling is None
            else Scaling(**{name: tuple(values) for name, values in scaling.items()}),
        }
    )


def _schedule(fields: Mapping[str, Any] | None) -> Schedule | None:
    return None if fields is None else SCHEDULES[fields["name"]](**fields)

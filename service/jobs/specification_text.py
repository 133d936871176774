"""A specification as the text that stands in the record, and back."""

import json
from dataclasses import asdict

from core.optimizers import OPTIMIZERS
from core.specification import EarlyStopping, Specification


def to_text(specification: Specification) -> str:
    """Give JSON with a key for every field."""
    return json.dumps(asdict(specification), allow_nan=False)


def from_text(text: str) -> Specification:
    """Give back the specification of `to_text`, equal in every bit."""
    fields = json.loads(text)
    optimizer = OPTIMIZERS[fields["optimizer"]["name"]]
    stopping = fields["early_stopping"]
    return Specification(
        **{
            **fields,
            "sizes": tuple(fields["sizes"]),
            "activations": tuple(fields["activations"]),
            "optimizer": optimizer(**fields["optimizer"]),
            "early_stopping": None if stopping is None else EarlyStopping(**stopping),
        }
    )

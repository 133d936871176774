"""Conventions in which books differ, declared by name."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from core.conventions import MAX_L2, Conventions
from service.schemas.request_model import RequestModel


class ConventionsSchema(RequestModel):
    """How a book writes the computation; the defaults are those of /backprop."""

    delta: Literal["gradient", "error"] = Field(
        "gradient", description="error: δ has the sign of y − ŷ, and the step is added"
    )
    update: Literal["parameter", "step"] = Field(
        "parameter", description="step: what is written is Δw = −η ∂E/∂w"
    )
    shared_bias: bool = Field(False, description="one bias for all units of a layer")
    leak: float | None = Field(
        None, ge=0, lt=1, allow_inf_nan=False, description="the leaky ReLU's slope below 0"
    )
    l2: float = Field(
        0.0, ge=0, le=MAX_L2, allow_inf_nan=False, description="λ of a penalty λ/(2N) Σ w²"
    )

    def to_core(self) -> Conventions:
        """The core's conventions."""
        return Conventions(self.delta, self.update, self.shared_bias, self.leak, self.l2)


@dataclass(frozen=True)
class ConventionsResponse:
    """Conventions as a request declares them."""

    delta: Literal["gradient", "error"]
    update: Literal["parameter", "step"]
    shared_bias: bool
    leak: float | None
    l2: float

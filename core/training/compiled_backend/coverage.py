"""Which trainings the compiled kernels cover, from their configuration alone."""

from dataclasses import fields

from core.training.config import TrainingConfig

MAX_WIDTH = 128
"""Units of a layer above which OpenBLAS is faster: 8-256-256-1 × 1000 took 1.15 to 1.8 times as
long on Zen 3."""

HIDDEN_ACTIVATIONS = frozenset({"sigmoid", "tanh", "relu", "leaky_relu", "softplus", "identity"})
LAST_ACTIVATIONS = {
    "squared": HIDDEN_ACTIVATIONS | {"softmax"},
    "squared_sum": HIDDEN_ACTIVATIONS | {"softmax"},
    "mean_squared": HIDDEN_ACTIVATIONS | {"softmax"},
    "binary_cross_entropy": frozenset({"sigmoid"}),
    "cross_entropy": frozenset({"softmax"}),
}
"""Of each loss, the last activations for which there are loss and delta."""
OPTIMIZER_PARAMETERS = {
    "gradient_descent": frozenset({"eta"}),
    "momentum": frozenset({"eta", "momentum"}),
    "adam": frozenset({"eta", "beta1", "beta2", "epsilon"}),
}
"""Of each optimizer, the parameters that its step takes into account."""
COVERED_FIELDS = frozenset(
    {
        "sizes", "activations", "loss", "optimizer", "iterations", "batch_size", "seed",
        "validation_fraction", "test_fraction", "early_stopping", "precision", "scaling",
        "fold", "initialization", "arithmetic", "schedule", "weight_decay", "label_smoothing",
    }
)  # fmt: skip
"""Fields that may have any value; each other one has to have its default."""


COVERED_SCHEDULES = frozenset({"cosine", "inverse_scaling", "coslog"})
"""Those whose factors are known beforehand; a plateau is seen on the way."""


def is_covered(config: TrainingConfig) -> bool:
    """Whether the kernels train this, to the same network as NumPy up to rounding."""
    *hidden, last = config.activations
    optimizer = config.optimizer
    return (
        max(config.sizes) <= MAX_WIDTH
        and HIDDEN_ACTIVATIONS.issuperset(hidden)
        and last in LAST_ACTIVATIONS.get(config.loss, frozenset())
        and optimizer.name in OPTIMIZER_PARAMETERS
        and _has_defaults(optimizer, OPTIMIZER_PARAMETERS[optimizer.name] | {"name"})
        and (config.schedule is None or config.schedule.name in COVERED_SCHEDULES)
        and _has_defaults(config, COVERED_FIELDS)
    )


def _has_defaults(value: object, except_for: frozenset[str]) -> bool:
    """Whether every field of a dataclass that is not named has its default."""
    return all(
        getattr(value, field.name) == field.default
        for field in fields(value)  # type: ignore[arg-type]
        if field.name not in except_for
    )

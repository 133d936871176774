"""What can be trained: everything that can be refused before the first iteration."""

from core.arrays import Array, require_finite
from core.errors import OutOfDomain, ShapeMismatch
from core.specification import Specification


def require_fit(specification: Specification, x: Array, y: Array) -> None:
    """Raise `ShapeMismatch`, `OutOfDomain`, `NotFinite` or `UnknownName` where they do not fit."""
    if not len(x):
        raise ShapeMismatch("x has no samples", ("data", "x"))
    if len(x) != len(y):
        raise ShapeMismatch(f"x has {len(x)} samples, but y has {len(y)}", ("data", "y"))
    for name, rows, width in (("x", x, specification.sizes[0]), ("y", y, specification.sizes[-1])):
        end = "first" if name == "x" else "last"
        if rows.shape[1] != width:
            raise ShapeMismatch(
                f"{name} has {rows.shape[1]} numbers per sample, "
                f"but the {end} of the sizes is {width}",
                ("data", name),
            )
        require_finite(rows, name, ("data", name))
    specification.loss_function.require_domain(y, "y", ("data", "y"))
    _require_batches(specification, specification.counts(len(x))[0])


def _require_batches(specification: Specification, samples: int) -> None:
    size, shards = specification.batch_size or samples, specification.data_parallel
    if size > samples:
        raise OutOfDomain(
            f"batch_size is {size}, but there are {samples} samples to train on", ("batch_size",)
        )
    smallest = samples % size or size
    if shards is not None and not 1 <= shards <= smallest:
        raise OutOfDomain(
            f"data_parallel is {shards}, but the smallest batch has {smallest} samples, "
            "and every shard needs one",
            ("data_parallel",),
        )

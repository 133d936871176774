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
    batch_size = specification.batch_size
    if batch_size is not None and batch_size > len(specification.split(len(x))[0]):
        raise OutOfDomain(
            f"batch_size is {batch_size}, but there are "
            f"{len(specification.split(len(x))[0])} samples to train on",
            ("batch_size",),
        )

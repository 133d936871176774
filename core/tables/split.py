"""Which rows are trained on, validated on and tested on: a function of seed and fractions alone."""

from dataclasses import dataclass

import numpy as np

from core.errors import OutOfDomain, counted


@dataclass(frozen=True, eq=False)
class Split:
    """The rows of each part, in increasing order."""

    training: np.ndarray
    validation: np.ndarray
    test: np.ndarray


@dataclass(frozen=True)
class Fold:
    """Fold `number` (from 0) of the `count` folds of a cross-validation.

    Its rows take the place of the test rows; those of the test fraction belong to no part.
    """

    number: int
    count: int

    def size(self, samples: int) -> int:
        """The number of rows of the fold, out of `samples`."""
        return len(range(self.number, samples, self.count))


def split_sizes(
    samples: int, validation: float, test: float = 0.0, fold: Fold | None = None
) -> tuple[int, int, int]:
    """The numbers of rows for training, validation and test.

    Raises `OutOfDomain` where a fraction above 0 leaves its part, or the training part, empty, and
    where a fold has no rows.
    """
    kept = {"validation_fraction": validation, "test_fraction": test}
    counts = {name: round(fraction * samples) for name, fraction in kept.items()}
    if fold is not None:
        free = samples - counts["test_fraction"]
        held_out = fold.size(free)
        if not held_out:
            raise OutOfDomain(f"{fold.count} folds of {free} samples: some are empty", ("folds",))
        counts = {
            "validation_fraction": round(validation * (free - held_out)),
            "test_fraction": held_out,
        }
        samples = free
    rest = samples - sum(counts.values())
    for name, fraction in kept.items():
        if fraction and (not counts[name] or rest <= 0):
            part = name.removesuffix("_fraction")
            raise OutOfDomain(
                f"a {name} of {fraction:g} of {counted(samples, 'sample')} keeps "
                f"{counts[name]} for {part} and {max(rest, 0)} for training",
                (name,),
            )
    return rest, counts["validation_fraction"], counts["test_fraction"]


def split_rows(
    samples: int, seed: int, validation: float, test: float = 0.0, fold: Fold | None = None
) -> Split:
    """Draw the parts by the seed: validation, then test, then training rows; raises as above."""
    _, validating, testing = split_sizes(samples, validation, test)
    nothing = np.arange(0)
    if fold is None and not validating and not testing:
        return Split(np.arange(samples), nothing, nothing)
    rows = np.random.default_rng((seed, 0)).permutation(samples)
    parts = np.split(rows, [validating, validating + testing])
    if fold is not None:
        _, validating, _ = split_sizes(samples, validation, test, fold)
        free = np.concatenate([parts[0], parts[2]])
        is_held_out = np.arange(len(free)) % fold.count == fold.number
        others = free[~is_held_out]
        parts = [others[:validating], free[is_held_out], others[validating:]]
    return Split(np.sort(parts[2]), np.sort(parts[0]), np.sort(parts[1]))

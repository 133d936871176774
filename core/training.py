"""Training on samples that are here: a descent with everything that can be refused before it."""

from jaxtyping import Float

from core.arithmetic import Arithmetic
from core.arrays import Array
from core.checkpoint import Checkpoint
from core.descent import Descent, History
from core.sharded_batches import OneAfterTheOther, ShardedBatches
from core.shards import Shards
from core.specification import Specification
from core.trainable import require_fit
from core.whole_batches import WholeBatches

__all__ = ["History", "Training"]


class Training(Descent):
    """What can be refused is refused here, before the first iteration.

    Raises `ShapeMismatch`, `OutOfDomain`, `NotFinite`, `UnknownName`.
    """

    def __init__(
        self,
        specification: Specification,
        x: Float[Array, "rows_of_x d_x"],
        y: Float[Array, "rows_of_y d_y"],
        checkpoint: Checkpoint,
    ) -> None:
        """Continue from `checkpoint`, which is copied; x and y are read, never written."""
        require_fit(specification, x, y)
        shards = specification.data_parallel

        def bind(parameters: Array, gradient: Array) -> Arithmetic:
            if shards is None:
                return WholeBatches(specification, x, y, parameters, gradient)
            source = OneAfterTheOther(Shards(specification, x, y, parameters), shards)
            return ShardedBatches(specification, source, gradient)

        super().__init__(specification, len(x), checkpoint, bind)

"""The network of a job."""

from core.checkpoint import Checkpoint
from core.network import NeuralNetwork
from service.jobs.specification_text import from_text
from service.jobs.store import Store


def trained_network(store: Store, job_id: str) -> NeuralNetwork:
    """The trained network, or while it trains the latest; raises `JobNotFound`."""
    specification = from_text(store.specification(job_id))
    checkpoint = Checkpoint.from_bytes(store.checkpoint(job_id))
    return NeuralNetwork(checkpoint.layers(specification))

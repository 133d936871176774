"""The network and the columns of a job, to predict with and to keep as a model."""

import io
from hashlib import sha256

import numpy as np

from core.neural_network import NeuralNetwork
from core.tables.schema import TableSchema
from service.errors import NotFinished
from service.jobs.job import Job, JobState
from service.jobs.step_result import REPORT
from service.jobs.storage.store import Store
from service.models.model import Origin, plain_schema
from service.models.prediction import Predictor
from service.results.approximation import is_training, network_of
from service.results.training import At, trained_network
from service.results.training_rows import table_schema

WITH_NETWORK = (JobState.SUCCEEDED, JobState.CANCELLED)


def job_network(store: Store, job: Job, at: At = "best") -> NeuralNetwork:
    """The network of a training or of an approximation, as it is now; raises as `network_of`."""
    if is_training(store, job):
        return trained_network(store, job.id, at)
    return network_of(store, job)


def job_schema(store: Store, job: Job, sizes: tuple[int, ...]) -> TableSchema:
    """The columns of the data set it was trained on, or x1, x2, … for arrays."""
    return table_schema(store, job.id) or plain_schema(sizes)


def job_predictor(store: Store, job: Job) -> Predictor:
    """What predicts with the network of a job; raises as `job_network`."""
    network = job_network(store, job)
    return Predictor(network, job_schema(store, job, network.sizes))


def origin_of(store: Store, job: Job) -> Origin:
    """Where the network of a finished job comes from; raises `NotFinished` for another."""
    if job.state not in WITH_NETWORK:
        end = "and leaves no network" if job.finished else "a model is kept when it has succeeded"
        raise NotFinished(f"the job is {job.state}, {end}")
    data = io.BytesIO()
    np.save(data, store.data(job.id), allow_pickle=False)
    return Origin(
        source="job",
        job=job.id,
        loss=job.loss,
        metrics={name: value for name, value in job.metrics.items() if name not in REPORT},
        data_digest=sha256(data.getbuffer()).hexdigest(),
        request_digest=sha256(store.specification(job.id).encode()).hexdigest(),
    )

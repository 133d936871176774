"""What an operator may decide: one field, one `CHAINRULE_*` variable, one line in the README."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MAX_SCHEMA_LAYERS = 1000
"""Largest `max_layers` that can be set, and the bound of every schema on a list of layers."""


class Settings(BaseSettings):
    """Every name says its unit; values from arguments win over the environment."""

    model_config = SettingsConfigDict(env_prefix="CHAINRULE_", frozen=True)

    host: str = Field("127.0.0.1", description="address the server listens on")
    port: int = Field(8000, ge=0, le=65535, description="port the server listens on; 0 picks one")
    root_path: str = Field("", description="path in front of ours when a proxy adds one")
    database_url: str = Field(
        "sqlite:///data/chainrule.db",
        description="where the jobs live: `sqlite:///file` or `postgresql+psycopg://…`",
    )

    api_keys_file: str = Field(
        "", description="file of API keys that `chainrule keys` writes; none: nobody is asked"
    )
    allow_anonymous: bool = Field(
        False, description="whether without API keys other machines are served as well"
    )
    requests_per_minute: int = Field(
        6000, ge=1, description="most requests of a key, or without keys of an address"
    )
    operations_per_hour: float = Field(
        1e15, ge=1e6, description="most floating-point operations of one, for answers and trainings"
    )
    cors_origins: list[str] = Field(
        [], description="origins of pages elsewhere that may ask, as JSON"
    )
    telemetry: bool = Field(
        False, description="whether to send traces and metrics by OTLP, as OTEL_* variables say"
    )
    max_connections: int = Field(1000, ge=1, description="open connections; beyond: 503")
    header_timeout_seconds: float = Field(
        10, gt=0, description="seconds in which the head of a request has to arrive"
    )
    body_timeout_seconds: float = Field(
        60, gt=0, description="seconds in which its body has to arrive"
    )
    max_body_bytes: int = Field(64 * 2**20, ge=1024, description="largest request body")
    max_total_body_bytes: int = Field(
        256 * 2**20, ge=1024, description="request bodies held at once, together; beyond: 503"
    )
    max_dataset_bytes: int = Field(
        2**30, ge=1024, description="largest CSV file of a data set, which streams to disk"
    )
    max_datasets: int = Field(1000, ge=1, description="data sets that are kept")
    max_layers: int = Field(64, ge=1, le=MAX_SCHEMA_LAYERS, description="most layers of a network")
    max_width: int = Field(4096, ge=1, description="most inputs or units of a layer")
    max_samples: int = Field(1_000_000, ge=1, description="most samples of a request or data set")
    max_iterations: int = Field(10_000_000, ge=1, description="most iterations of a training")
    max_points: int = Field(1_000_000, ge=2, description="most grid points of an approximation")
    max_array_elements: int = Field(
        20_000_000, ge=1000, description="most numbers in an answer or in a computation's memory"
    )
    max_operations: float = Field(
        1e12, ge=1e6, description="most floating-point operations of a request answered at once"
    )

    thread_pool_size: int = Field(
        2, ge=1, description="threads for computations too long for the event loop"
    )
    thread_pool_queue_size: int = Field(
        64, ge=0, description="computations that may wait for a thread; beyond: 503"
    )
    request_timeout_seconds: float = Field(
        60, gt=0, description="seconds in which an answer has to be there; beyond: 503"
    )
    workers: int = Field(2, ge=1, description="processes that train, one job each at a time")
    dask_scheduler: str = Field(
        "", description="trains on this Dask cluster instead: `tcp://host:8786` or `tls://…`"
    )
    dask_scheduler_ca_file: str = Field(
        "", description="PEM file of who vouches for the cluster; with it TLS is a must"
    )
    dask_scheduler_certificate_file: str = Field("", description="PEM file of our own certificate")
    dask_scheduler_key_file: str = Field("", description="PEM file of the key to it")
    max_queued_jobs: int = Field(1000, ge=1, description="jobs that may wait; beyond: 503")
    max_job_operations: float = Field(
        1e15,
        ge=1,
        description="most floating-point operations that a training may be going to take",
    )
    max_job_bytes: int = Field(
        4 * 2**30, ge=2**20, description="most memory that a training may be going to take"
    )
    max_job_seconds: float = Field(
        86400, gt=0, description="most seconds that a training may be going to take"
    )
    retention_seconds: float = Field(
        7 * 86400, gt=0, description="seconds for which a finished job is kept"
    )
    max_finished_jobs: int = Field(10_000, ge=1, description="finished jobs that are kept")

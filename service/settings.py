"""The configuration: one field, one `CHAINRULE_*` variable, one row of docs/configuration.md."""

from ipaddress import ip_network
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MAX_SCHEMA_LAYERS = 1000
"""Largest `max_layers` that can be set, and the bound of every schema on a list of layers."""


class Settings(BaseSettings):
    """Settings with their units in the names; arguments win over environment variables."""

    model_config = SettingsConfigDict(env_prefix="CHAINRULE_", frozen=True)

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on; 0 picks a free port")
    root_path: str = Field("", description="path prefix that a reverse proxy adds")
    trusted_proxies: str = Field(
        "",
        description="addresses and networks of reverse proxies, separated by commas; only their "
        "X-Forwarded-For and X-Forwarded-Proto headers are used",
    )
    processes: int = Field(
        1, ge=1, le=64, description="processes that answer requests on the same port"
    )
    database_url: str = Field(
        "sqlite:///data/chainrule.db",
        description="database of the jobs: `sqlite:///file` or `postgresql+psycopg://…`",
    )
    telemetry: bool = Field(
        False, description="send traces and metrics by OTLP, configured by the `OTEL_*` variables"
    )

    api_keys_file: str = Field(
        "",
        description="path of the API key file, written by `chainrule keys`; "
        "empty disables authentication",
    )
    allow_anonymous: bool = Field(False, description="serve other machines without API keys")
    cors_origins: list[str] = Field(
        [], description="origins whose pages may call the API, as a JSON list"
    )
    requests_per_minute: int = Field(
        6000, ge=1, description="maximum requests of a caller; beyond: 429"
    )
    operations_per_hour: float = Field(
        1e15,
        ge=1e6,
        description="maximum operations of a caller, for requests and jobs together; beyond: 429",
    )

    max_connections: int = Field(
        1000, ge=1, description="maximum open connections of a process; beyond: 503"
    )
    header_timeout_seconds: float = Field(
        10, gt=0, description="time limit for receiving the header of a request"
    )
    body_timeout_seconds: float = Field(60, gt=0, description="time limit for receiving its body")
    max_body_bytes: int = Field(
        64 * 2**20, ge=1024, description="maximum size of a request body, and of it decompressed"
    )
    max_total_body_bytes: int = Field(
        256 * 2**20,
        ge=1024,
        description="maximum size of all request bodies in the memory of a process; beyond: 503",
    )
    max_dataset_bytes: int = Field(
        2**30, ge=1024, description="maximum size of a CSV file of a data set"
    )
    max_datasets: int = Field(1000, ge=1, description="maximum data sets that are kept")

    max_layers: int = Field(
        64, ge=1, le=MAX_SCHEMA_LAYERS, description="maximum layers of a network"
    )
    max_width: int = Field(4096, ge=1, description="maximum inputs or units of a layer")
    max_samples: int = Field(
        1_000_000, ge=1, description="maximum samples of a request or data set"
    )
    max_iterations: int = Field(10_000_000, ge=1, description="maximum iterations of a training")
    max_points: int = Field(1_000_000, ge=2, description="maximum grid points of an approximation")
    max_array_elements: int = Field(
        20_000_000,
        ge=1000,
        description="maximum numbers in a response or in the arrays of a computation",
    )
    max_operations: float = Field(
        1e12, ge=1e6, description="maximum operations of a request that is answered directly"
    )
    max_model_versions: int = Field(
        1000,
        ge=1,
        description="maximum versions of all models of a caller together; beyond: 409",
    )

    thread_pool_size: int = Field(2, ge=1, description="threads in the pool of a process")
    thread_pool_queue_size: int = Field(
        64, ge=0, description="maximum computations waiting for a thread; beyond: 503"
    )
    request_timeout_seconds: float = Field(
        50, gt=0, description="time limit for computing a response; beyond: 503"
    )

    workers: int = Field(2, ge=1, description="worker processes; each runs a single job at a time")
    arithmetic: Literal["auto", "numpy", "lanes"] = Field(
        "auto",
        description="arithmetic of new trainings: `auto` uses the compiled kernels of the extra "
        "`fast` where they are installed and cover the training, `numpy` never does, `lanes` also "
        "does on a Dask cluster, whose workers then need them",
    )
    max_queued_jobs: int = Field(1000, ge=1, description="maximum queued jobs; beyond: 503")
    max_job_operations: float = Field(
        1e15, ge=1, description="maximum estimated operations of a job"
    )
    max_job_bytes: int = Field(4 * 2**30, ge=2**20, description="maximum estimated memory of a job")
    max_job_seconds: float = Field(
        86400, gt=0, description="maximum estimated running time of a job"
    )
    retention_seconds: float = Field(
        7 * 86400, gt=0, description="time for which a finished job is kept"
    )
    max_finished_jobs: int = Field(10_000, ge=1, description="maximum finished jobs that are kept")
    dask_scheduler: str = Field(
        "",
        description="address of a Dask scheduler, `tcp://host:8786` or `tls://…`; "
        "jobs run there instead of in worker processes",
    )
    dask_scheduler_ca_file: str = Field(
        "", description="CA certificate (PEM); setting it enables and requires TLS"
    )
    dask_scheduler_certificate_file: str = Field(
        "", description="certificate of this service (PEM)"
    )
    dask_scheduler_key_file: str = Field("", description="private key of that certificate (PEM)")

    @property
    def proxy_networks(self) -> tuple[str, ...]:
        """The entries of `trusted_proxies`."""
        return tuple(entry.strip() for entry in self.trusted_proxies.split(",") if entry.strip())

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        for entry in value.split(","):
            if entry.strip():
                ip_network(entry.strip(), strict=False)
        return value

    @field_validator("database_url")
    @classmethod
    def _is_supported(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "sqlite://", "postgresql+psycopg://")):
            raise ValueError("it has to be sqlite:///FILE or postgresql+psycopg://…")
        file = value.removeprefix("sqlite://").removeprefix("/")
        if value.startswith("sqlite:") and (not file or file.startswith((":memory:", "file:"))):
            raise ValueError("jobs outlive the process, so SQLite needs a file: sqlite:///FILE")
        return value

    @field_validator("root_path")
    @classmethod
    def _is_prefix(cls, value: str) -> str:
        if value and (not value.startswith("/") or value.endswith("/")):
            raise ValueError("a root path begins with / and does not end with /, as in /chainrule")
        return value

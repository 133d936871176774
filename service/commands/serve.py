"""`chainrule serve`: check the settings, listen, and run one process or several."""

import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec

import structlog

from core.training.compiled import cache
from service.auth.exposure_check import UnprotectedBind, require_protection
from service.commands.listen import CannotListen, addresses_of, listen
from service.commands.read_settings import InvalidSettings, read_settings, unknown_variables
from service.observability.logs import configure_logs
from service.settings import Settings

WRONG_SETTING, FAILED = 2, 1

log = structlog.get_logger()


def run(arguments: Sequence[str]) -> int:
    """Run the service until SIGTERM, SIGINT or SIGHUP. Every setting is a flag."""
    configure_logs()
    try:
        settings = read_settings(arguments, "chainrule serve", run.__doc__ or "")
        require_installed(settings)
        require_protection(settings)
        listeners = listen(settings.host, settings.port, settings.processes)
    except (InvalidSettings, UnprotectedBind) as error:
        return refuse(error, WRONG_SETTING)
    except CannotListen as error:
        return refuse(error, FAILED)
    compile_missing_kernels(settings)
    for name in unknown_variables():
        log.warning("unknown environment variable", name=name)
    addresses = addresses_of(listeners[0])
    if settings.processes > 1:
        from service.commands.supervisor import Supervisor

        return Supervisor(arguments, listeners, lambda: announce(addresses)).run()

    # Imported here: a supervisor needs none of it.
    from service.app import InvalidRootPath
    from service.commands.server_process import serve_until_stopped

    try:
        serve_until_stopped(settings, listeners[0], lambda: announce(addresses))
    except InvalidRootPath as error:
        return refuse(error, WRONG_SETTING)
    return 0


def refuse(error: Exception, code: int) -> int:
    """Write one sentence, for people or as a line of the log, and return the exit code."""
    if sys.stderr.isatty():
        sys.stderr.write(f"{error}\n")
    else:
        log.critical(str(error))
    return code


def require_installed(settings: Settings) -> None:
    """Raise `InvalidSettings` where a setting needs an extra that is not installed."""
    needs = {
        "CHAINRULE_TELEMETRY": (settings.telemetry, "opentelemetry.exporter", "telemetry"),
        "CHAINRULE_DATABASE_URL": (
            settings.database_url.startswith("postgresql"),
            "psycopg",
            "postgres",
        ),
        "CHAINRULE_ARITHMETIC": (settings.arithmetic == "lanes", "numba", "fast"),
        "CHAINRULE_DASK_SCHEDULER": (bool(settings.dask_scheduler), "distributed", "cluster"),
    }
    for name, (is_needed, module, extra) in needs.items():
        if is_needed and not _is_installed(module):
            raise InvalidSettings(f"{name} needs an extra: pip install 'chainrule[{extra}]'")


def compile_missing_kernels(settings: Settings) -> None:
    """Compile the training kernels once, before a worker may need them."""
    if settings.arithmetic == "numpy" or cache.is_ready() or not cache.is_installed():
        return
    log.info("compiling the training kernels", processor_seconds=25)
    # In a process of its own, whose memory is given back.
    done = subprocess.run(
        [sys.executable, "-P", "-m", "service.cli", "compile"], capture_output=True, text=True
    )
    if done.returncode != 0:
        reason = done.stderr.strip().rpartition("\n")[2]
        log.warning("training kernels not compiled, new trainings use NumPy", reason=reason)


def announce(addresses: Sequence[str]) -> None:
    """Write to standard output where the service listens."""
    for address in addresses:
        sys.stdout.write(
            f"Chainrule listens on {address}\n"
            f"  the page      {address}/\n"
            f"  the API       {address}/docs\n"
            f"  the contract  {address}/openapi.json\n"
        )
    sys.stdout.flush()


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False

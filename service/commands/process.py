"""`python -m service.commands.process`: a serving process, as `Supervisor` starts it."""

import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from service.app import InvalidRootPath
from service.commands.read_settings import read_settings
from service.commands.serve import WRONG_SETTING, refuse
from service.commands.server_process import serve_until_stopped
from service.commands.supervisor import SIGNALS
from service.observability.logs import configure_logs
from service.process_group import ProcessGroup


def run(directory: str, numbers: str, *arguments: str) -> int:
    """Serve on inherited sockets until a signal or the end of the supervisor.

    `numbers` are the index of the process, the descriptor to write to when it listens, the
    lifeline, and the sockets.
    """
    configure_logs()
    index, ready, lifeline, *descriptors = map(int, numbers.split(","))
    settings = read_settings(arguments, "chainrule serve", "")
    sockets = [socket.socket(fileno=descriptor) for descriptor in descriptors]

    def report_ready() -> None:
        os.write(ready, b"1")
        os.close(ready)

    group = ProcessGroup(index, Path(directory))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    try:
        serve_until_stopped(settings, sockets, report_ready, group, lifeline)
    except InvalidRootPath as error:
        return refuse(error, WRONG_SETTING)
    return 0


def main(arguments: Sequence[str]) -> int:
    """Run with the arguments of the command line."""
    return run(*arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

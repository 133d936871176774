"""The command `chainrule`: a table of commands, each imported when it is run."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version


@dataclass(frozen=True)
class Command:
    """A function `run(arguments)` that returns an exit code, and its line in the help."""

    module: str
    summary: str

    @property
    def run(self) -> Callable[[Sequence[str]], int]:
        """Import the command; the service takes half a second, most commands need less of it."""
        run: Callable[[Sequence[str]], int] = import_module(self.module).run
        return run


COMMANDS = {
    "serve": Command("service.commands.serve", "run the service"),
    "keys": Command("service.commands.keys", "add, revoke and list API keys"),
    "compile": Command("service.commands.compile", "compile the kernels of the extra fast"),
    "doctor": Command(
        "service.commands.doctor", "check settings, database, schema, disk, workers and clock"
    ),
    "backup": Command("service.commands.backup", "copy the database, also of a running service"),
    "restore": Command("service.commands.restore", "replace the database by a backup"),
    "openapi": Command("service.commands.openapi", "print the OpenAPI document"),
}

USAGE = "usage: chainrule [--help] [--version] COMMAND ..."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; 2 for a command or a setting that is wrong."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character gets an escape sequence and no exception.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    given = sys.argv[1:] if arguments is None else list(arguments)
    name, rest = (given[0], given[1:]) if given else ("", [])
    if name in ("-h", "--help"):
        sys.stdout.write(_help())
        return 0
    if name == "--version":
        sys.stdout.write(f"chainrule {version('chainrule')}\n")
        return 0
    if name not in COMMANDS:
        wrong = f"there is no command {name!r}" if name else "a command is missing"
        sys.stderr.write(f"{USAGE}\n{wrong}; the commands are {', '.join(COMMANDS)}\n")
        return 2
    return COMMANDS[name].run(rest)


def _help() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:{width}}  {command.summary}" for name, command in COMMANDS.items()]
    return "\n".join(
        [
            USAGE,
            "",
            "Small neural networks over HTTP that show their work.",
            "",
            "commands:",
            *lines,
            "",
            "`chainrule COMMAND --help` describes the arguments of a command. Settings are flags",
            "of `chainrule serve` and environment variables CHAINRULE_*.",
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())

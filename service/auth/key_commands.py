"""`chainrule keys add NAME` and `chainrule keys revoke NAME`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from service.auth.key_file import KeyFile
from service.settings import Settings


def keys(arguments: Sequence[str]) -> None:
    """Change the file of API keys; a running service sees it with the next request."""
    given = _parser().parse_args(arguments)
    path = given.file or Settings().api_keys_file
    if not path:
        sys.exit("which file? Set CHAINRULE_API_KEYS_FILE or give --file")
    file = KeyFile(Path(path))
    try:
        if given.command == "add":
            sys.stdout.write(f"{file.add(given.name)}\n")
            sys.stderr.write("This is the only time that the key is shown.\n")
        else:
            file.revoke(given.name)
    except (OSError, ValueError) as error:
        sys.exit(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("chainrule keys", description=keys.__doc__)
    parser.add_argument("command", choices=("add", "revoke"))
    parser.add_argument("name", help="whose key it is: what jobs and the log are labelled with")
    parser.add_argument("--file", help="instead of CHAINRULE_API_KEYS_FILE")
    return parser

"""`chainrule compile`: compile the kernels of the extra `fast` before the service starts."""

import argparse
import sys
from collections.abc import Sequence

from core.training.compiled import cache
from core.training.compiled.warm_up import compile_kernels


def run(arguments: Sequence[str]) -> int:
    """Compile the training kernels into the installation; takes about 25 s of processor time."""
    parser = argparse.ArgumentParser("chainrule compile", description=run.__doc__)
    parser.add_argument(
        "--portable",
        action="store_true",
        help="for every processor of this architecture with AVX2 or NEON, not for this one alone",
    )
    given = parser.parse_args(arguments)
    if not cache.is_installed():
        sys.stderr.write("numba, the extra 'fast', is not installed, or the processor has no FMA\n")
        return 1
    try:
        compile_kernels(given.portable)
    except OSError as error:
        sys.stderr.write(f"the installation is read-only: {error}\n")
        return 1
    return 0

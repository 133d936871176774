"""Every connection takes a file descriptor, and some have to be left for everything else."""

import resource

RESERVED = 100
"""For the database, the workers, files that are read, and connections that are being refused."""


def connections_possible(wanted: int) -> int:
    """As many of the connections wanted as there may be descriptors for; asks for more of them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + RESERVED
    if soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(wanted, soft - RESERVED))

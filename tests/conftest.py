"""What holds for every test: axes are checked, examples are drawn without a clock."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from threadpoolctl import threadpool_limits

from tests.axes import begin_file, check_axes

# Where Python loops over numbers one by one, checking axes took four times as long as computing.
LOOPS = {"approximation", "solutions"}
# numba compiles functions of values that no Python code sees.
COMPILED = {"lanes", "kernels", "fused_adam"}
CORE = Path(__file__).parent.parent / "core"
MODULES = (path.relative_to(CORE.parent).with_suffix("").parts for path in CORE.rglob("*.py"))
check_axes(".".join(parts) for parts in MODULES if not (LOOPS | COMPILED).intersection(parts))

# Whether numba's cache is warm changes no test but those that ask for the compiled kernels.
os.environ.setdefault("CHAINRULE_ARITHMETIC", "numpy")

# Threads of BLAS wait for each other by spinning: beside other processes a training in this one
# took six times as much processor time with two of them. Workers have one as well.
threadpool_limits(1)
os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

# No test asks a server of the Internet; reading the certificates of its authorities takes 30 ms of
# every client that httpx makes.
os.environ.pop("SSL_CERT_FILE", None)
os.environ["SSL_CERT_DIR"] = os.devnull

# No test depends on how busy the machine is, and every run draws the same examples, few enough for
# a short run; others, and more of them, are drawn by `--hypothesis-profile=random`.
settings.register_profile("chainrule", deadline=None, derandomize=True, max_examples=40)
settings.register_profile("random", deadline=None)
settings.load_profile("chainrule")


@pytest.fixture(autouse=True, scope="module")
def axes_of_first_calls():
    """The axes of the first calls of each function are checked again."""
    begin_file()

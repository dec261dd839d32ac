"""What every test shares: determinism, the byte switch, the root of the checkout."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Before anything imports matplotlib: no test may need a display.
os.environ.setdefault("MPLBACKEND", "Agg")

# Random tests repeat exactly, here and elsewhere; shared machines make deadlines meaningless.
settings.register_profile(
    "gridgov",
    derandomize=True,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("gridgov")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the checkout."""
    return ROOT


def pytest_collection_modifyitems(config, items):
    """Leave byte comparisons out where the versions are not the locked ones."""
    if os.environ.get("GRIDGOV_BYTES", "1") != "0":
        return
    left_out = [item for item in items if item.get_closest_marker("bytes")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("bytes")]

"""The engine that the theory tests play: the compiled one, or that of the variable ENGINE."""

import os

import pytest


@pytest.fixture(scope="session")
def engine():
    """Name of the engine: ``make verify ENGINE=reference`` plays the other one."""
    return os.environ.get("ENGINE", "fast")

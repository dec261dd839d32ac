"""The engine that the theory tests play: the reference, or that of the variable ENGINE."""

import os

import pytest


@pytest.fixture(scope="session")
def engine():
    """Name of the engine: ``make verify ENGINE=fast`` plays the compiled one."""
    return os.environ.get("ENGINE", "reference")

"""Calling the program as a user does."""

import pytest

from sim.cli.main import main


@pytest.fixture
def gridgov(capsys, monkeypatch, tmp_path):
    """Call ``gridgov`` in an empty folder, in English: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIM_LANG", "en")

    def called(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([*map(str, arguments)])
        return ended.value.code or 0, *capsys.readouterr()

    return called

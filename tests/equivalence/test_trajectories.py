"""The version of trajectories: a change that alters logs must raise it.

``GRIDGOV_REWRITE=1`` writes the digests anew; look at why they changed first.
"""

import json
import os

import pytest

from sim.eventlog import TRAJECTORIES
from sim.experiment.known_logs import FILE, digest_now, known_logs, known_version
from tests.conftest import ROOT

PATH = ROOT / "sim" / "experiment" / FILE
KNOWN = known_logs()


@pytest.mark.bytes
def test_known_logs_change_only_with_the_version_of_trajectories():
    now = {known.scenario: digest_now(known) for known in KNOWN}
    changed = [known.scenario for known in KNOWN if now[known.scenario] != known.digest]
    if os.environ.get("GRIDGOV_REWRITE") == "1":
        assert not changed or known_version() < TRAJECTORIES, "raise TRAJECTORIES first"
        rewrite(now)
        return

    assert known_version() == TRAJECTORIES
    assert not changed, (
        f"the logs of {changed} are not those of trajectories {TRAJECTORIES}; if that is "
        f"meant, raise TRAJECTORIES in sim/eventlog.py and write {FILE} with GRIDGOV_REWRITE=1"
    )


def test_the_known_logs_tell_a_change_of_one_event():
    one = KNOWN[0]
    later = one._replace(overrides=(*one.overrides, "run.seed=2", "run.tick=1 h"))

    assert digest_now(later) != one.digest


def test_both_engines_make_the_known_logs():
    pytest.importorskip("numba")
    one = KNOWN[0]

    assert digest_now(one, "fast") == digest_now(one, "reference")


def rewrite(now: dict[str, str]) -> None:
    logs = [
        {**known._asdict(), "overrides": list(known.overrides), "digest": now[known.scenario]}
        for known in KNOWN
    ]
    record = {"trajectories": TRAJECTORIES, "logs": logs}
    PATH.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def test_every_known_log_is_of_a_shipped_scenario():
    folder = ROOT / "scenarios"

    assert KNOWN
    assert [known for known in KNOWN if not (folder / known.scenario).is_file()] == []

"""What people read for the path of an assumption."""

from sim.report.names import assumption_names
from sim.scenario.reader import load_scenario


def test_owner_and_key_are_said_and_the_shape_of_a_distribution_is_not():
    system = load_scenario("scenarios/bijiang.yaml").model
    calls, work = "sources.calls.rate", "requests.dispute.work.lognormal.mean"

    said = assumption_names(["pools.departments.staff", calls, work], system)

    assert said["pools.departments.staff"].zh == "区直部门：人员"
    assert said[calls].zh.endswith("：频率")
    assert said[work].en.endswith(": work")


def test_two_that_would_be_called_the_same_keep_their_paths():
    system = load_scenario("scenarios/bijiang.yaml").model
    same = ["requests.dispute.work.lognormal.mean", "requests.dispute.work.triangular.mode"]

    assert assumption_names(same, system) == {}

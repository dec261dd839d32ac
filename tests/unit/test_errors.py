"""How a scenario's problems are shown."""

import pickle

import pytest

from sim.errors import Problem, ScenarioError, SimError

MISSPELT = Problem(
    code="unknown-key",
    path="pools.judges.workrs",
    file="office.yaml",
    line=8,
    column=5,
    message_en="unknown key 'workrs'",
    message_zh="未知的键 'workrs'",
    hint_en="Did you mean 'workers'?",
    hint_zh="是否应为 'workers'？",
    frame="    8 |     workrs: 3\n      |     ^^^^^^",
)
EARLIER = Problem(
    code="empty", message_en="is empty", message_zh="为空", file="office.yaml", line=2
)
NOWHERE = Problem(code="route", message_en="no line is served", message_zh="没有队列被服务")


def test_a_problem_reads_like_a_compiler_message_in_english():
    assert MISSPELT.render() == (
        "office.yaml:8:5: pools.judges.workrs: unknown key 'workrs'\n"
        "    8 |     workrs: 3\n"
        "      |     ^^^^^^\n"
        "   Did you mean 'workers'?"
    )


def test_a_problem_keeps_its_place_and_frame_in_chinese():
    assert MISSPELT.render("zh") == (
        "office.yaml:8:5: pools.judges.workrs: 未知的键 'workrs'\n"
        "    8 |     workrs: 3\n"
        "      |     ^^^^^^\n"
        "   是否应为 'workers'？"
    )


@pytest.mark.parametrize(
    ("problem", "line"),
    [(EARLIER, "office.yaml:2: is empty"), (NOWHERE, "no line is served")],
    ids=["without-column", "without-position"],
)
def test_what_is_not_known_of_a_position_is_left_out(problem, line):
    assert problem.render() == line


def test_problems_are_shown_in_file_order_with_a_count():
    error = ScenarioError([MISSPELT, EARLIER])

    assert error.problems == (EARLIER, MISSPELT)
    assert str(error).startswith("office.yaml:2: is empty\n\noffice.yaml:8:5: ")
    assert str(error).endswith("2 problems in office.yaml; nothing was run.")
    assert error.render("zh").endswith("office.yaml中共 2 处问题；未运行任何内容。")


def test_a_scenario_error_comes_back_whole_from_another_process():
    error = pickle.loads(pickle.dumps(ScenarioError([MISSPELT])))

    assert isinstance(error, SimError)
    assert error.problems == (MISSPELT,)


def test_a_scenario_error_without_a_problem_is_refused():
    with pytest.raises(ValueError, match="at least one problem"):
        ScenarioError([])

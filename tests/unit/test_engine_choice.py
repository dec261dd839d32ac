"""Which engine plays: the fast one, or the reference where that cannot; and who is told."""

import sys

import pytest

from sim.cli.engines import telling_of_engines
from sim.engine import EngineWarning, choose, find_engine, play
from sim.engine.notices import about_to_compile
from sim.errors import EngineError
from sim.plan.compile import compile_plan
from sim.scenario.reader import read_scenario
from tests.small_scenario import write_scenario


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return compile_plan(read_scenario(write_scenario(tmp_path_factory.mktemp("scenario"))))


@pytest.fixture
def without_numba(monkeypatch):
    monkeypatch.setitem(sys.modules, "sim.engine.fast.build", None)


@pytest.fixture
def beyond(monkeypatch):
    monkeypatch.setattr("sim.engine.fast.build.unsupported", lambda _: "no such steps yet")


def test_the_fast_engine_is_the_default(plan):
    from sim.engine.fast import play as play_fast

    assert find_engine(plan) == ("fast", play_fast)
    assert choose(plan, "reference") == "reference"


def test_without_numba_the_reference_plays_and_says_so(plan, without_numba):
    with pytest.warns(EngineWarning, match=r"needs Numba.*reference engine plays instead"):
        assert choose(plan) == "reference"


def test_a_plan_beyond_the_fast_engine_is_played_by_the_reference(plan, beyond):
    with pytest.warns(EngineWarning, match="no such steps yet"):
        assert choose(plan) == "reference"


@pytest.mark.parametrize("obstacle", ["without_numba", "beyond"])
def test_who_asks_for_the_fast_engine_gets_it_or_an_error(plan, obstacle, request):
    request.getfixturevalue(obstacle)
    with pytest.raises(EngineError, match=r"fast engine needs Numba|no such steps yet"):
        play(plan, None, "fast")


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "no such steps yet; the ref"), ("zh", "改由参考引擎运行")]
)
def test_the_user_is_told_once_in_their_language(plan, beyond, capsys, lang, said):
    with telling_of_engines(None, lang, quiet=False):
        choose(plan)
        choose(plan)
    assert capsys.readouterr().err.count(said) == 1


@pytest.mark.parametrize(("lang", "said"), [("en", "Compiling"), ("zh", "正在编译")])
def test_compiling_is_announced(capsys, lang, said):
    with telling_of_engines("fast", lang, quiet=False):
        about_to_compile()
    assert said in capsys.readouterr().err
    about_to_compile()
    with telling_of_engines("fast", lang, quiet=True):
        about_to_compile()
    assert not capsys.readouterr().err

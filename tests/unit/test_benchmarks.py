"""The benchmark: its statistics, its tables, and that every program it starts is a program."""

import ast
import csv
import io
import json
import shutil
import subprocess
import sys

import numpy as np
import pytest

from benchmarks import agreement, goals, measure, native, ours, tables
from benchmarks.__main__ import FILES, REFERENCE
from benchmarks.equality import differing
from benchmarks.native import __main__ as in_c
from benchmarks.peers import model as m
from sim.demand.trace import draw_trace
from sim.engine.reference import play as play_reference
from sim.plan.codes import Code
from tests.conftest import ROOT

PEERS = sorted((ROOT / "benchmarks" / "peers").glob("*.py"))
NOISE = np.random.default_rng(7)


def some_means(shift: float, count: int) -> list[agreement.Means]:
    waits = NOISE.normal(0.7 + shift, 0.02, count)
    return [{"wait": float(wait), "nobody": None} for wait in waits]


def test_programs_that_play_the_same_system_agree():
    ours_too = some_means(0, 20)

    found = agreement.comparisons({("A", "same"): (some_means(0, 5), ours_too)})

    assert [each.quantity for each in found] == ["wait"]
    assert agreement.verdict(found, "A", "same") == "yes (1)"
    assert agreement.verdict(found, "A", "another") == ""


def test_a_program_that_plays_another_system_is_named_with_the_quantity():
    found = agreement.comparisons(
        {("A", "same"): (some_means(0, 5), some_means(0, 20)),
         ("A", "other"): (some_means(0.1, 5), some_means(0, 20))}
    )  # fmt: skip

    assert agreement.verdict(found, "A", "other") == "no: wait"
    assert agreement.verdict(found, "A", "same") == "yes (1)"


def test_false_alarms_of_all_tests_together_are_as_rare_as_is_said():
    alarms = 0
    for _ in range(400):
        several = {("A", str(i)): (some_means(0, 3), some_means(0, 12)) for i in range(4)}
        found = agreement.comparisons(several, false_alarms=0.1)
        alarms += not all(each.agrees for each in found)

    assert 0.05 < alarms / 400 < 0.15


def told(cpu: float, n: int = 1000, **more) -> dict:
    return {"n": n, "cpu": cpu, "rows": 7 * n, "peak": 0.5, "digest": "a", **more}


def measured(**more) -> measure.Measured:
    answers = {
        ("B", "fast"): [told(0.001), told(0.002), told(0.001)],
        ("B", "simpy_tuned"): [told(0.04), told(0.1), told(0.06)],
        ("A", "c"): [told(0.001, ours=0.0012, bare=0.0001, same=True)],
        ("growth 1000", "fast"): [told(0.001)],
        ("growth 10000", "fast"): [told(0.013, 10_000)],
        ("Anqiu 7 d", "fast"): [told(0.01)],
        ("Anqiu 7 d", "reference"): [told(0.5)],
    }
    equal = {"B": (500, 0)} | measure.same_logs(answers)
    found = measure.Measured(answers, [(2.0, 1.0)], {}, equal, {}, {"simmer": "no R"})
    return found._replace(**more)


def test_a_ratio_is_the_median_of_ratios_within_rounds():
    assert goals.ratio(measured().answers, "B", "simpy_tuned", "fast") == pytest.approx(50)
    assert goals.ratio(measured().answers, "B", "ciw", "fast") is None


def test_goals_are_met_missed_or_not_measured():
    reached = {one.goal.text: one for one in goals.outcomes(measured())}

    assert reached["network, all-in, against tuned SimPy"].met is True
    assert reached["network, all-in, against simmer"].met is None
    assert reached["Anqiu 7 d, all-in, against our reference engine"].met is False
    grown = reached["growth of time a request, network, 10,000 over 1,000 requests"]
    assert (grown.figure, grown.met) == (pytest.approx(1.3), False)


def test_logs_that_differ_count_whole():
    answers = measured().answers | {("Anqiu 7 d", "reference"): [told(0.5, digest="b")]}

    assert measure.same_logs(answers) == {"Anqiu 7 d": (7000, 7000)}


def test_tables_say_the_same_in_markdown_csv_and_json():
    all_of_it = measured()
    compared = agreement.comparisons(
        {("B", "simpy_tuned"): (some_means(0, 3), some_means(0, 20))}
    )
    reached = goals.outcomes(all_of_it)
    about = {"command": "x", "rounds": 3, "replications": 20, "machine": {"cores": 2},
             "versions": {"SimPy": "4"}, "load": [3.0, 3.0]}  # fmt: skip

    page = tables.markdown(all_of_it, compared, reached, about)
    rows = list(csv.DictReader(io.StringIO(tables.table_csv(tables.rows(all_of_it, compared)))))
    figures = json.loads(tables.figures_json(all_of_it, compared, reached, about))

    assert [(row["model"], row["program"]) for row in rows] == [
        ("B", "fast"), ("B", "simpy_tuned"), ("A", "c"),
    ]  # fmt: skip
    assert rows[1]["ratio"] == "50"
    assert rows[1]["agrees"] == "yes (1)"
    assert rows[2]["agrees"] == "same log, row by row"
    assert "| SimPy, tuned processes | 1,000 | 60 (40..100) | 16,667 | 50 | yes (1) |" in page
    assert "| network, all-in, against tuned SimPy | ≥ 45 × | 50 × | met |" in page
    assert "- simmer (R): no R" in page
    assert "The machine was busy" in page
    assert [goal["met"] for goal in figures["goals"]] == [one.met for one in reached]
    assert figures["rows_compared"]["B"] == [500, 0]


def test_a_size_that_does_not_fit_into_memory_is_left_out_and_said(monkeypatch):
    monkeypatch.setattr(measure, "free_gib", lambda: 4.0)
    missing: dict[str, str] = {}
    large = measure.Job("growth 10000000", "fast", "B", 10_000_000 / m.RATE["B"], 1)
    fits = large._replace(played="growth 20000", hours=20_000 / m.RATE["B"])

    assert measure.too_large(large, measured().answers, missing)
    assert not measure.too_large(fits, measured().answers, missing)
    assert list(missing) == ["growth 10000000"]
    assert "4 are free" in missing["growth 10000000"]


def test_every_program_has_a_size_and_a_title():
    for size in (measure.FULL, measure.QUICK):
        played = set().union(*size.requests.values())
        assert played == set(tables.TITLES)


@pytest.mark.parametrize("path", PEERS, ids=lambda path: path.stem)
def test_programs_of_peers_compile(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_the_program_in_r_parses():
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("no R on this machine")
    file = (ROOT / "benchmarks" / "peers" / "simmer_program.R").as_posix()

    done = subprocess.run([rscript, "-e", f"invisible(parse('{file}'))"], check=False)

    assert done.returncode == 0


@pytest.mark.parametrize("name", ["simpy_plain", "simpy_tuned"])
def test_a_program_answers_a_job_a_line(name):
    program = ROOT / "benchmarks" / "peers" / f"{name}.py"

    done = subprocess.run(
        [sys.executable, str(program)], input="A 50 1\nB 2 1\nB 2 1\n", capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    first, a, b, again = (json.loads(line) for line in done.stdout.splitlines())

    assert first["versions"]["SimPy"]
    assert tuple(a["means"]) == m.QUANTITIES["A"]
    assert tuple(b["means"]) == m.QUANTITIES["B"]
    assert 400 < b["n"] < 1000
    assert (b["n"], b["means"]) == (again["n"], again["means"])


def test_our_means_are_those_of_a_slow_count():
    plan = ours.plan_of("B", 4)
    log = play_reference(plan, draw_trace(plan, 1, 1))
    types = plan.names.line_types
    entered, waits, gone = {}, {}, 0
    for row in range(log.n_rows):
        stay = (int(log.request[row]), int(log.ordinal[row]))
        if log.code[row] == Code.ENTRY:
            entered[stay] = int(log.time[row])
        elif log.code[row] == Code.START:
            kind = types[plan.line_type[log.line[row]]]
            name = plan.names.classes[log.requests.request_class[stay[0]]]
            waits.setdefault((kind, name), []).append(int(log.time[row]) - entered[stay])
        elif log.code[row] == Code.WITHDRAW:
            gone += types[plan.line_type[log.line[row]]] == "grid"
    left = gone + len(waits["grid", "urgent"]) + len(waits["grid", "ordinary"])

    found = ours.means("B", log, plan)

    assert found["grid urgent"] == pytest.approx(np.mean(waits["grid", "urgent"]) / 3.6e9)
    assert found["community ordinary"] == pytest.approx(
        np.mean(waits["community", "ordinary"]) / 3.6e9
    )
    assert found["gave up at grid"] == pytest.approx(gone / left)


def test_a_row_that_differs_is_counted():
    plan = ours.plan_of("A", 20)
    log = play_reference(plan, draw_trace(plan, 1, 1))
    other = log._replace(worker=log.worker.copy())
    other.worker[[3, 40]] += 1

    assert differing(log, log) == 0
    assert differing(log, other) == 2


def test_the_loop_in_c_writes_the_log_of_the_reference_engine(tmp_path, monkeypatch):
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler on this machine")
    source, library = ROOT / "benchmarks" / "native" / "mmc.c", tmp_path / "mmc.so"
    words = [compiler, "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library, source]
    subprocess.run(words, check=True)
    monkeypatch.setattr(in_c, "play_fast", play_reference)

    answer = in_c.answer(in_c.load(library), "A 300 5")

    assert answer["same"] is True
    assert answer["n"] > 2000
    assert native.__doc__


def test_the_figures_shown_are_those_of_one_whole_run():
    figures = json.loads((REFERENCE / "figures.json").read_text(encoding="utf-8"))
    table = list(csv.DictReader((REFERENCE / "table.csv").read_text("utf-8").splitlines()))

    assert {path.name for path in REFERENCE.iterdir()} == set(FILES)
    assert "--quick" not in figures["command"]
    assert figures["rounds"] >= 5
    assert [row["program"] for row in table] == [row["program"] for row in figures["rows"]]
    page = (REFERENCE / "table.md").read_text(encoding="utf-8")
    assert all(tables.TITLES[row["program"]] in page for row in table)
    assert "<dc:date>" not in (REFERENCE / "speed.svg").read_text(encoding="utf-8")

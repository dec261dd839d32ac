"""The figures as tables: markdown to read, CSV and JSON to go on with."""

import csv
import io
import json
import statistics
from typing import Any, NamedTuple

from benchmarks.agreement import Comparison, verdict
from benchmarks.goals import Outcome, ratio, seconds
from benchmarks.measure import ANQIU, GROWTH, Measured
from benchmarks.programs import TITLES

MODELS = {
    "B": "Model B: network of 226 pools with priorities and patience",
    "A": "Model A: M/M/10 at load 0.9",
}
QUIET = 0.7
"""Load below which nothing else ran."""
NOT_COMPARED = ("fast", "table", "play", "reference", "c")


class Row(NamedTuple):
    """One program on one model."""

    model: str
    program: str
    requests: int
    """Played in one round, in the middle round."""
    us: float
    us_least: float
    us_most: float
    ratio: float
    """Its time over that of our fast engine, all-in: median within rounds."""
    agrees: str


def rows(measured: Measured, compared: list[Comparison]) -> list[Row]:
    """Every program that was played on every model, the fastest first."""
    found = []
    for (model, program), told in measured.answers.items():
        if model not in MODELS:
            continue
        us = [1e6 * each for each in seconds(measured.answers, model, program)]
        found.append(
            Row(
                model,
                program,
                round(statistics.median(each["n"] for each in told)),
                statistics.median(us),
                min(us),
                max(us),
                ratio(measured.answers, model, program, "fast") or float("nan"),
                _agrees(measured, compared, model, program),
            )
        )
    return sorted(found, key=lambda row: (list(MODELS).index(row.model), row.us))


def _agrees(measured: Measured, compared: list[Comparison], model: str, program: str) -> str:
    if program == "c":
        same = all(each["same"] for each in measured.answers[model, program])
        return "same log, row by row" if same else "no: the log differs"
    return "" if program in NOT_COMPARED else verdict(compared, model, program)


def markdown(
    measured: Measured,
    compared: list[Comparison],
    outcomes: list[Outcome],
    about: dict[str, Any],
) -> str:
    """The page: programs by model, other figures, goals, versions, how to repeat it."""
    parts = [
        "# Speed, side by side",
        f"Made by `{about['command']}`: {about['rounds']} interleaved rounds in one run, every "
        "program once a round. Times are processor time of the playing, medians (least..most); "
        "ratios are medians of the ratios within rounds. Machines differ and are shared: quote "
        "ratios. What each program plays is in `benchmarks/peers/`.",
    ]
    for model, title in MODELS.items():
        parts += [f"## {title}", _programs(rows(measured, compared), model)]
    parts += [
        "“agrees”: means of waits and shares of those who give up, held against "
        f"{about['replications']} replications of ours of the same length, all tests together "
        "with one false alarm in a hundred benchmarks; in brackets how many quantities.",
        "## Goals",
        "All-in is demand, playing and the event log, in which every time of every request "
        "stands; no other program here keeps one. Metrics begin with a table of requests made "
        "from it: its figures are given too. Play only has the demand drawn beforehand.",
        _goals(outcomes),
        *_busy(about["load"][0]),
        "## Growth, C and a whole system",
        _growth(measured),
    ]
    if measured.missing:
        lines = [f"- {TITLES.get(name, name)}: {why}" for name, why in measured.missing.items()]
        parts += ["## Not played", "\n".join(lines)]
    versions = ", ".join(f"{name} {value}" for name, value in about["versions"].items())
    machine = ", ".join(str(value) for value in about["machine"].values())
    parts += [
        "## Versions",
        f"{versions}.",
        f"Machine (processor, cores, GiB, system): {machine}. Load of the machine at the start "
        f"{about['load'][0]}, at the end {about['load'][1]}; this benchmark alone makes 1.",
    ]
    return "\n\n".join(parts) + "\n"


def _busy(load: float) -> list[str]:
    """A warning where other work ran beside: then times by the clock mean nothing."""
    if not load > QUIET:
        return []
    return [
        f"**The machine was busy when this began (load {load})**: the ratio of two "
        "replications on two cores, by the clock, means nothing; the others are noisy."
    ]


def _programs(found: list[Row], model: str) -> str:
    lines = [
        "| program | requests a round | µs/request | requests/s | its time / ours | agrees |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for row in found:
        if row.model == model:
            least, most = number(row.us_least), number(row.us_most)
            cells = (
                TITLES[row.program],
                f"{row.requests:,}",
                f"{number(row.us)} ({least}..{most})",
                f"{1e6 / row.us:,.0f}",
                number(row.ratio),
                row.agrees,
            )
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _goals(outcomes: list[Outcome]) -> str:
    lines = ["| what | goal | measured | |", "|---|---:|---:|---|"]
    for one in outcomes:
        side = "≥" if one.goal.at_least else "≤"
        goal = f"{side} {one.goal.goal:,g} {one.goal.unit}"
        if one.figure is None:
            lines.append(f"| {one.goal.text} | {goal} | | not measured |")
            continue
        measured = f"{number(one.figure)} {one.goal.unit}"
        lines.append(f"| {one.goal.text} | {goal} | {measured} | {_short(one)} |")
    return "\n".join(lines)


def _short(one: Outcome) -> str:
    assert one.figure is not None
    if one.met:
        return "met"
    if not one.goal.goal or not one.figure:
        return "missed"
    factor = one.goal.goal / one.figure if one.goal.at_least else one.figure / one.goal.goal
    return f"short by {factor:.2g} ×"


def _growth(measured: Measured) -> str:
    lines = ["| what | µs/request | rounds | most memory |", "|---|---:|---:|---:|"]
    for (played, program), told in measured.answers.items():
        if played.startswith(GROWTH):
            us = 1e6 * statistics.median(seconds(measured.answers, played, program))
            size, peak = int(played.split()[1]), max(each["peak"] for each in told)
            text = f"network, {size:,} requests, all-in"
            lines.append(f"| {text} | {us:.3g} | {len(told)} | {peak:.1f} GiB |")
    for key, name in (
        ("ours", "M/M/c, our playing beside the loop in C"),
        ("cpu", "M/M/c, loop in C that writes the same log"),
        ("bare", "M/M/c, loop in C that writes down starts only"),
    ):
        told = measured.answers.get(("A", "c"), [])
        if told:
            us = 1e6 * statistics.median(each[key] / each["n"] for each in told)
            lines.append(f"| {name} | {us:.3g} | {len(told)} | |")
    for (played, program), told in measured.answers.items():
        if played.startswith(ANQIU):
            us = 1e6 * statistics.median(seconds(measured.answers, played, program))
            whole = statistics.median(each["cpu"] for each in told)
            text = f"{played}, {told[0]['n']:,} requests, {told[0]['rows']:,} rows"
            lines.append(
                f"| {text}, {program} engine: {whole:.2f} s | {us:.3g} | {len(told)} | |"
            )
    return "\n".join(lines)


def table_csv(found: list[Row]) -> str:
    """The rows as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(Row._fields)
    writer.writerows(
        [f"{cell:.4g}" if isinstance(cell, float) else cell for cell in row] for row in found
    )
    return out.getvalue()


def figures_json(
    measured: Measured,
    compared: list[Comparison],
    outcomes: list[Outcome],
    about: dict[str, Any],
) -> str:
    """Everything, round by round."""
    whole = {
        **about,
        "rows": [row._asdict() for row in rows(measured, compared)],
        "seconds_per_request": {
            f"{played}, {program}": seconds(measured.answers, played, program)
            for played, program in measured.answers
        },
        "two_replications_seconds": [
            {"apart": apart, "together": together} for apart, together in measured.pairs
        ],
        "in_c": [
            {key: each[key] for key in ("n", "cpu", "bare", "ours", "same")}
            for each in measured.answers.get(("A", "c"), [])
        ],
        "rows_compared": measured.equal,
        "agreement": [each._asdict() for each in compared],
        "goals": [
            {**one.goal._asdict(), "figure": one.figure, "met": one.met} for one in outcomes
        ],
        "not_played": measured.missing,
    }
    return json.dumps(_rounded(whole), indent=1, ensure_ascii=False) + "\n"


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return float(f"{value:.5g}") if isinstance(value, float) else value


def number(value: float) -> str:
    """Three figures, and whole thousands with commas."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"

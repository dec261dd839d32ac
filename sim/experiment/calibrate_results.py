"""What the folder of a calibration holds: draws, checks, and a scenario with fitted values."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.ensemble import Ensemble, weighted_quantiles
from sim.experiment.attempts import Output
from sim.experiment.blocks import write_whole
from sim.experiment.calibrate import Calibration, Question
from sim.experiment.manifest import (
    SCHEMA_VERSION,
    describe_files,
    describe_inputs,
    describe_tool,
)
from sim.experiment.posterior import FORMAT, POSTERIOR
from sim.experiment.store import utc_now, write_manifest, write_table
from sim.experiment.unknowns import written_at
from sim.metrics.catalogue import BY_NAME
from sim.model.notion import Text
from sim.model.system import System
from sim.model.targets import CHANGES
from sim.scenario.document import dump_inline
from sim.scenario.evidence import load_evidence
from sim.scenario.nodes import Path as FieldPath
from sim.scenario.nodes import find, plain, show


class Answer(NamedTuple):
    """One calibration with its tables."""

    name: str
    calibration: Calibration
    draws: pd.DataFrame
    parameters: pd.DataFrame
    claims: pd.DataFrame


def answers_of(question: Question, found: Sequence[Calibration]) -> list[Answer]:
    """The tables of every reading."""
    return [
        Answer(
            reading_name(question, one),
            one,
            draws_table(question, one),
            parameters_table(question, one),
            claims_table(question, one),
        )
        for one in found
    ]


def reading_name(question: Question, one: Calibration) -> str:
    """The readings of the claims that could be read otherwise, as a file name."""
    targets = question.readings[0].model.targets
    names = [question.outputs[k].name.partition("/") for k in one.columns]
    parts = [name for name in names if len(targets[name[0]].readings) > 1]
    return "-".join(f"{claim}_{reading}" for claim, _, reading in parts) or "all"


def draws_table(question: Question, one: Calibration) -> pd.DataFrame:
    """The accepted runs: weight, every unknown as the scenario would say it, every claim."""
    posterior = one.posterior
    rows = [
        {
            "weight": weight,
            **{
                unknown.name: unknown.text(place)
                for unknown, place in zip(question.unknowns, point, strict=True)
            },
            **{
                question.outputs[k].name: value
                for k, value in zip(one.columns, output, strict=True)
            },
        }
        for weight, point, output in zip(
            posterior.weights / (posterior.weights.sum() or 1.0),
            posterior.points,
            posterior.outputs,
            strict=True,
        )
    ]
    columns = ["weight", *(u.name for u in question.unknowns)]
    columns += [question.outputs[k].name for k in one.columns]
    return pd.DataFrame(rows, columns=columns)


def parameters_table(question: Question, one: Calibration) -> pd.DataFrame:
    """What the claims say of each unknown, the best known first.

    Returns
    -------
    Columns parameter, now, low, high (the range), median, p05, p95 (posterior, with unit),
    contraction, verdict, partner, correlation, guided (whether the emulators looked at it).
    """
    rows = []
    for k, unknown in enumerate(question.unknowns):
        row: dict[str, Any] = {
            "parameter": unknown.name,
            "now": unknown.now,
            "low": unknown.ends[0],
            "high": unknown.ends[1],
        }
        if one.identified:
            said = one.identified[k]
            places = one.posterior.quantiles([0.5, 0.05, 0.95])[:, k]
            median, low, high = (unknown.text(float(place)) for place in places)
            row |= {
                "median": median,
                "p05": low,
                "p95": high,
                "contraction": said.contraction,
                "verdict": said.verdict,
                "partner": None
                if said.partner is None
                else question.unknowns[said.partner].name,
                "correlation": None if said.partner is None else said.correlation,
            }
        rows.append({**row, "guided": k in one.search.active})
    table = pd.DataFrame(rows)
    if one.identified:
        table = table.sort_values("contraction", ascending=False, kind="stable")
    return table.reset_index(drop=True)


def claims_table(question: Question, one: Calibration) -> pd.DataFrame:
    """Posterior predictive check: every claim beside what accepted runs give.

    Returns
    -------
    Columns claim, reading, used, fact, reported (of a range its middle), unit (`share` is per
    cent), name_en, name_zh, agrees_from, agrees_to, prior_met (share of runs from the prior
    that meet this claim alone), mean, p05, p95 (of accepted runs), met (their share that meets
    it), held_out_met (share, of runs that meet the other claims), and held_out_runs (their
    effective number).
    """
    rows = []
    for place, k in enumerate(one.columns):
        output, band = question.outputs[k], question.bands[k]
        claim, _, reading = output.name.partition("/")
        values = one.posterior.outputs[:, place]
        known = np.isfinite(values)
        ends = [np.nan] * 3
        if known.any():
            weights = one.posterior.weights[known]
            quantiles = weighted_quantiles(values[known], weights, [0.05, 0.95])
            ends = [float(np.average(values[known], weights=weights)), *quantiles]
        met = (values >= band.low) & (values <= band.high)
        rows.append(
            {
                "claim": claim,
                "reading": reading,
                "used": k in one.used,
                **_told(output, question.readings[0].model),
                "agrees_from": band.low if np.isfinite(band.low) else None,
                "agrees_to": band.high if np.isfinite(band.high) else None,
                "prior_met": _prior_met(one, k, band.low, band.high),
                "mean": ends[0],
                "p05": ends[1],
                "p95": ends[2],
                "met": one.posterior.share(met),
                "held_out_met": one.held_out[place].share,
                "held_out_runs": one.held_out[place].effective,
            }
        )
    return pd.DataFrame(rows)


def _told(output: Output, system: System) -> dict[str, Any]:
    """What the source reports, and what people call the claim."""
    target, (claim, _, reading) = output.target, output.name.partition("/")
    if target is None:
        return {"fact": ""}
    fact = load_evidence().fact(target.reported)
    value = fact.value if isinstance(fact.value, tuple) else (fact.value, fact.value)
    ends = [float(end) for end in value if end is not None]
    metric = BY_NAME.get(output.quantity.metric)
    in_percent = fact.unit_in("en").startswith("percent") or target.kind in CHANGES
    unit = "share" if in_percent else metric.unit if metric else ""
    title = target.title or Text(en=claim, zh=claim)
    several = len(system.targets[claim].readings) > 1 if claim in system.targets else False
    return {
        "fact": target.reported,
        "reported": sum(ends) / 2 if ends else None,
        "unit": "requests" if target.kind == "count" else unit,
        "name_en": f"{title.read('en')} ({reading})" if several else title.read("en"),
        "name_zh": f"{title.read('zh')}（{reading}）" if several else title.read("zh"),
    }


def _prior_met(one: Calibration, column: int, low: float, high: float) -> float:
    if column not in one.used:
        return float("nan")
    runs: Ensemble = one.search.prior
    values = runs.outputs[:, one.used.index(column)]
    return runs.share((values >= low) & (values <= high))


def write_calibration(
    folder: Path,
    question: Question,
    answers: Sequence[Answer],
    told: Mapping[str, Any],
    lang: str,
    draw: Callable[[Mapping[str, Any]], None],
) -> None:
    """Write the tables, the draws for predictions, fitted scenarios and the manifest.

    Parameters
    ----------
    folder
        Where they go.
    question, answers
        What was asked and found.
    told
        How, for the manifest.
    lang
        Language of the command.
    draw
        Draws the figures of what lies in the folder by then, from what the manifest will say.
    """
    rows: dict[str, int] = {}
    for answer in answers:
        for title in ("draws", "parameters", "claims"):
            name = f"{title}-{answer.name}.csv"
            rows[name] = write_table(getattr(answer, title), folder / name)
        if answer.calibration.identified:
            model = question.readings[0].model
            path = folder / f"{model.name}-calibrated-{answer.name}.yaml"
            write_whole(path, fitted_scenario(question, answer, folder))
    write_whole(folder / POSTERIOR, _posterior_text(question, answers))
    reading = question.readings[0]
    record = {"calibrate": {**told, "readings": [describe(question, one) for one in answers]}}
    draw(record)
    manifest = {
        "schema": SCHEMA_VERSION,
        "written": utc_now().isoformat(),
        "tool": describe_tool(),
        **describe_inputs(reading.files, reading.overrides, lang),
        **record,
        "files": describe_files(folder, rows),
    }
    write_manifest(folder, manifest)


def describe(question: Question, answer: Answer) -> dict[str, Any]:
    """One reading in short, as the manifest and ``--json`` give it."""
    one = answer.calibration
    return {
        "name": answer.name,
        "claims": [question.outputs[k].name for k in one.columns],
        "accepted": len(one.posterior.points),
        "effective": one.posterior.effective,
        "runs": one.search.spent,
        "finished": one.search.finished,
        "given_up": one.search.hopeless,
        "guided": [question.unknowns[k].name for k in one.search.active],
        "chance": float(
            one.posterior.weights.sum() / max(one.search.runs.weights.sum(), 1e-300)
        ),
        "directions": [round(float(value), 4) for value in one.eigenvalues[:10]],
        "conflicts": [
            {
                "claims": [question.outputs[one.used[k]].name for k in conflict.claims],
                "alone": list(conflict.alone),
                "together": conflict.together,
            }
            for conflict in one.conflicts
        ],
    }


def _posterior_text(question: Question, answers: Sequence[Answer]) -> str:
    """The draws as places in their ranges: what ``--posterior`` reads."""
    names = [reading.model.name for reading in question.readings]
    record = {
        "format": FORMAT,
        "scenario": question.readings[0].model.name,
        "unknowns": [
            {
                "name": one.name,
                "low": one.low,
                "high": one.high,
                "unit": one.unit,
                "places": [[names[number], show(path)] for number, path in one.places],
            }
            for one in question.unknowns
        ],
        "readings": {
            answer.name: {
                "weights": answer.calibration.posterior.weights.tolist(),
                "points": answer.calibration.posterior.points.round(9).tolist(),
            }
            for answer in answers
        },
    }
    return json.dumps(record, ensure_ascii=False) + "\n"


def fitted_scenario(question: Question, answer: Answer, folder: Path) -> str:
    """A scenario by ``extends`` with what the claims say of its assumptions.

    The values are those of one accepted run, the nearest to the posterior mean, so that they
    agree with each other; ranges are central 90 % intervals. What claims say nothing of keeps
    its assumption.
    """
    one, reading = answer.calibration, question.readings[0]
    point = _middle(one.posterior)
    written = written_at(question.readings, question.unknowns, point, 0)
    ends = one.posterior.quantiles([0.05, 0.95])
    lines: dict[FieldPath, str] = {}
    why = f"fitted to {', '.join(question.outputs[k].name for k in one.used)}"
    for k, unknown in enumerate(question.unknowns):
        if one.identified[k].verdict == "prior_only":
            continue
        # The run taken may lie outside of the central 90 %; a range holds its value.
        bounds = (min(ends[0, k], point[k]), max(ends[1, k], point[k]))
        low, high = (unknown.text(float(end)) for end in bounds)
        for number, path in unknown.places:
            if number == 0:
                said: dict[str, object] = {"calibrated": written[path]}
                if low != high:
                    said["range"] = [low, high]
                lines[path] = dump_inline({**said, "because": why})
    for path, value in written.items():
        # Shares that were scaled because a neighbour moved.
        if path not in lines and any(path[:-1] == other[:-1] for other in lines):
            lines[path] = dump_inline({"calibrated": value, "because": f"{why}: its share"})
    head = [
        f"# {reading.model.name} with assumptions fitted to reported outcomes; made by",
        "# `gridgov calibrate`. What these outcomes say nothing of is as it was.",
        "",
        f"extends: {dump_inline(_relative(Path(reading.files[0]), folder))}",
        f"name: {reading.model.name[:60]}-calibrated",
    ]
    return "\n".join([*head, *_nested(lines, question)]) + "\n"


def _middle(posterior: Ensemble) -> list[float]:
    """The accepted run nearest to the posterior mean, in posterior standard deviations."""
    sd = np.sqrt(np.maximum(np.diag(posterior.covariance()), 1e-9))
    gaps = ((posterior.points - posterior.mean()) / sd) ** 2
    return [float(place) for place in posterior.points[int(np.argmin(gaps.sum(axis=1)))]]


def _relative(file: Path, folder: Path) -> str:
    return Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()


def _nested(lines: Mapping[FieldPath, str], question: Question) -> list[str]:
    """Lines of YAML for values at paths; a list is written whole, as merging wants it."""
    tree: dict[Any, Any] = {}
    for path, text in lines.items():
        node = tree
        for place, step in enumerate(path):
            if isinstance(step, int):
                above = path[:place]
                items = node.setdefault("items", _items(question, above))
                items[step] = text
                break
            if place == len(path) - 1:
                node[step] = text
            else:
                node = node.setdefault(step, {})
    return _block(tree, 0)


def _items(question: Question, path: FieldPath) -> dict[int, str]:
    node = find(question.readings[0].written, path)
    values = plain(node) if node is not None else []
    return {k: dump_inline(value) for k, value in enumerate(values)}


def _block(tree: Mapping[Any, Any], depth: int) -> list[str]:
    lines: list[str] = []
    for key, value in tree.items():
        pad = "  " * depth
        if isinstance(value, str):
            lines.append(f"{pad}{dump_inline(key)}: {value}")
        elif set(value) == {"items"} and isinstance(value["items"], dict):
            lines.append(f"{pad}{dump_inline(key)}:")
            lines += [f"{pad}  - {item}" for _, item in sorted(value["items"].items())]
        else:
            lines += [f"{pad}{dump_inline(key)}:", *_block(value, depth + 1)]
    return lines

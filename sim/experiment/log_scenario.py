"""A scenario out of the estimates of a log.

It replays the log: each class arrives by its own profile, and closing takes hands-on work,
which is assumed, and an outside delay, which is the rest of the logged closing time. Its team
is so large that nobody waits, as the log's own waiting is already inside the delay. What it
answers by itself is whether the estimates are right; what-if questions on staffing are asked of
the requests of the log in a scenario with staffing of its own (`sim.experiment.log_replay`).
"""

import math
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.analysis.arrival_profile import HOUR
from sim.analysis.closing_laws import ClosingLaw, fit_laws
from sim.exchange.request_log import OPEN, UNKNOWN
from sim.experiment.log_model import ClassEstimate, LogModel
from sim.metrics.survival import quantile
from sim.scenario.document import dump_inline
from sim.units import format_duration

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
MOST_QUANTILES: Final = 400
HEAVIEST: Final = 2.4
"""Largest spread of logarithms that is written as a family: beyond it, a mean is decided by
durations that no log has seen."""
SLIMMEST: Final = 0.35
"""Smallest Weibull shape, for the same reason."""
DESK: Final = "desk"


def scenario_text(model: LogModel, name: str, *, hands_on: int, households: int) -> str:
    """The text of the scenario.

    Parameters
    ----------
    model
        The estimates.
    name
        Name of the scenario.
    hands_on
        Assumed hands-on time of a request in µs; at most a quarter of a class's median is used.
    households
        Households of the place; 0 where rates of staff are not asked for.
    """
    tree = _tree(model, name, hands_on, households)
    return "".join([*_head(model), *_written(tree)])


def _tree(model: LogModel, name: str, hands_on: int, households: int) -> dict[str, Any]:
    file = Path(model.log.file).name
    run = _run(model)
    root: dict[str, Any] = {"level": "city", "name": "city"}
    if households:
        root["households"] = households
    work = {one.name: _hands_on(one, hands_on) for one in model.classes}
    tree = {
        "name": name,
        "title": {"en": f"Requests of {file}", "zh": f"日志 {file} 中的诉求"},
        "question": {
            "en": "Do demand and closing times as estimated give back the log?",
            "zh": "按估计的需求与办结时长运行，能否重现该日志？",
        },
        "run": run,
        "places": {"root": root},
        "sources": {one.name: _source(model, one) for one in model.classes},
        "requests": {one.name: _request(one, work[one.name]) for one in model.classes},
        "flows": {one.name: _flow(model, one, work[one.name]) for one in model.classes},
        "lines": {DESK: {"title": {"en": "Desk", "zh": "受理"}}},
        "pools": {"staff": _staff(model, work)},
    }
    if run.get("cool_down"):
        tree["shocks"] = {"end_of_log": _end(model, run)}
    return tree


def run_span(model: LogModel, follow_up: int | None = None) -> tuple[datetime, int, int]:
    """Start, horizon and cool-down that see what the log saw, in µs; at most `follow_up`."""
    start = datetime(1970, 1, 1) + timedelta(microseconds=model.begin)
    horizon = model.end - model.begin
    longest = int(model.log.duration.max(initial=0))
    # The last report is watched from the end of the window, the first one all the time.
    open_for = max(longest - horizon, 0) // model.log.tick * model.log.tick
    return start, horizon, open_for if follow_up is None else min(open_for, follow_up)


def _run(model: LogModel) -> dict[str, Any]:
    start, horizon, cool_down = run_span(model)
    run: dict[str, Any] = {
        "start": f"{start:%Y-%m-%d %H:%M}",
        "horizon": format_duration(horizon),
        "tick": format_duration(model.log.tick),
        "replications": 20,
    }
    if cool_down:
        run["cool_down"] = format_duration(cool_down)
        run["follow_up"] = format_duration(horizon + cool_down)
    return run


def _end(model: LogModel, run: Mapping[str, Any]) -> dict[str, Any]:
    """After the window nothing more is reported: the log only watches what is open."""
    return {
        "start": run["horizon"],
        "lasts": run["cool_down"],
        "factors": {one.name: 0 for one in model.classes},
    }


def _source(model: LogModel, one: ClassEstimate) -> dict[str, Any]:
    profile, file = one.profile, Path(model.log.file).name
    low, high = _poisson_range(one.n)
    scale = profile.per_day / one.n
    source: dict[str, Any] = {
        "kind": "arrivals",
        "classes": {one.name: 1},
        "rate": {
            "calibrated": f"{profile.per_day:.6g}/day",
            "range": [f"{low * scale:.6g}/day", f"{high * scale:.6g}/day"],
            "because": f"{one.n} requests in {file}; 95 % Poisson interval",
        },
        "profile": {
            "hours": [round(float(x), 4) for x in profile.hours],
            "weekdays": [round(float(x), 4) for x in profile.weekdays],
        },
    }
    if profile.dispersion:
        source["dispersion"] = round(min(profile.dispersion, 5.0), 4)
    return source


def _poisson_range(n: int) -> tuple[float, float]:
    from scipy import stats

    low = float(stats.chi2.ppf(0.025, 2 * n)) / 2 if n else 0.0
    return low, float(stats.chi2.ppf(0.975, 2 * n + 2)) / 2


def _request(one: ClassEstimate, work: int) -> dict[str, Any]:
    shown = [
        format_duration(max(SECOND, work // 3 // SECOND * SECOND)),
        format_duration(work * 3),
    ]
    return {
        "title": one.title,
        "flow": one.name,
        "work": {
            "assumed": format_duration(work),
            "range": shown,
            "because": "a log of requests holds no hands-on times",
        },
    }


def _hands_on(one: ClassEstimate, wanted: int) -> int:
    """The assumed work, never more than a quarter of the median closing time."""
    most = wanted if one.median is None else int(one.median * HOUR) // 4
    return max(SECOND, min(wanted, most) // SECOND * SECOND)


def _flow(model: LogModel, one: ClassEstimate, work: int) -> dict[str, Any]:
    return {
        "start": "handle",
        "steps": {
            "handle": {"work": {"line": DESK}, "next": "outside"},
            "outside": {"delay": _delay(model, one, work)},
        },
    }


def _staff(model: LogModel, work: Mapping[str, int]) -> dict[str, Any]:
    """So many that nobody waits: six standard deviations above the highest offered load."""
    load = sum(
        one.profile.per_day / 24 * float(one.profile.hours.max() * one.profile.weekdays.max())
        * (1 + 3 * (one.profile.dispersion or 0.0)) * work[one.name] / HOUR
        for one in model.classes
    )  # fmt: skip
    return {
        "title": {"en": "Staff (so many that nobody waits)", "zh": "人员（足以无人等候）"},
        "staff": math.ceil(load + 6 * math.sqrt(load)) + 2,
        "serves": [DESK],
    }


# ---- closing times


def _delay(model: LogModel, one: ClassEstimate, work: int) -> Any:  # noqa: ANN401 - YAML
    """The law of the closing time less the work."""
    if one.law is not None:
        found = _refitted(model, one, work)
        if found is not None:
            return found
    return _observed(model, one, work)


def _refitted(model: LogModel, one: ClassEstimate, work: int) -> dict[str, Any] | None:
    """The chosen family, fitted to what is left of the closing times after the work."""
    log = model.log
    number = log.classes.index(one.name)
    timed = (log.request_class == number) & (log.outcome != UNKNOWN)
    left = np.maximum(log.duration[timed] - work, 0) / HOUR
    laws = fit_laws(left, log.outcome[timed] == OPEN, log.tick / HOUR)
    wanted = one.law.family if one.law is not None else ""
    law = next((law for law in laws if law.family == wanted), None)
    return None if law is None or not _is_tame(law) else _family(law)


def _is_tame(law: ClosingLaw) -> bool:
    values = law.parameters
    if law.family == "weibull":
        return values[1] >= SLIMMEST
    return max(values[1::3] if law.family == "lognormal" else values[2::2]) <= HEAVIEST


def _family(law: ClosingLaw) -> dict[str, Any]:
    values = law.parameters
    if law.family == "weibull":
        mean = math.exp(values[0]) * math.gamma(1 + 1 / values[1])
        parts = [(1.0, {"weibull": {"mean": _length(mean), "shape": round(values[1], 5)}})]
    elif law.family == "lognormal":
        parts = [(1.0, _lognormal(*values))]
    else:
        share, *rest = values
        parts = [(share, _lognormal(*rest[:2])), (1 - share, _lognormal(*rest[2:]))]
    if not law.at_zero and len(parts) == 1:
        return parts[0][1]
    shares = [round(share * (1 - law.at_zero), 6) for share, _ in parts]
    mixture: list[dict[str, Any]] = [
        {"share": share, "of": part} for share, (_, part) in zip(shares, parts, strict=True)
    ]
    rest_share = round(1 - sum(shares), 6)
    if law.at_zero and rest_share > 0:
        mixture.append({"share": rest_share, "of": "0 s"})
    else:
        mixture[-1]["share"] = round(mixture[-1]["share"] + rest_share, 6)
    return {"mixture": mixture}


def _lognormal(mu: float, sigma: float) -> dict[str, Any]:
    median = math.exp(mu)
    return {"lognormal": {"median": _length(median), "cv": round(_cv(sigma), 5)}}


def _cv(sigma: float) -> float:
    return min(20.0, math.sqrt(math.expm1(sigma**2)))


def _length(hours: float) -> str:
    return format_duration(max(SECOND, round(hours * HOUR / SECOND) * SECOND))


def _observed(model: LogModel, one: ClassEstimate, work: int) -> dict[str, Any]:
    """Quantiles by Kaplan-Meier; what the log never saw closed stays open beyond its end."""
    count = max(1, min(MOST_QUANTILES, one.closed + one.open))
    _, horizon, cool_down = run_span(model)
    beyond = 2 * (horizon + cool_down)
    found = [quantile(one.survival, (k + 0.5) / count) for k in range(count)]
    lengths = [beyond if length is None else max(0, length - work) for length in found]
    whole = [length // SECOND * SECOND for length in lengths]
    values, weights = np.unique(whole, return_counts=True)
    law: dict[str, Any] = {"values": [format_duration(int(value)) for value in values]}
    if weights.max() > 1:
        law["weights"] = weights.tolist()
    return {"empirical": law}


# ---- text


def _head(model: LogModel) -> Iterator[str]:
    """What a reader must know before the numbers."""
    log = model.log
    start, horizon, _ = run_span(model)
    dropped = ", ".join(f"{n} {reason}" for reason, n in log.dropped.items()) or "none"
    untimed = ", ".join(f"{n} {reason}" for reason, n in log.untimed.items()) or "none"
    lines = [
        f"Made by gridgov import from {Path(log.file).name}: {log.rows} rows, "
        f"{len(log.ids)} requests.",
        f"Dropped: {dropped}. Kept as arrivals only: {untimed}.",
        f"Reports from {start:%Y-%m-%d %H:%M} for {format_duration(horizon)}"
        f" ({log.zone or 'local time'}).",
        "",
        "Closing time = waiting + work + outside delay. The log has only their sum: hands-on",
        "work is assumed, the rest is the outside delay, and staff are so many that nobody",
        "waits. Other staffing is tried on the logged requests by gridgov replay.",
        "Weekdays that the log does not hold have the mean weight.",
        *(_law_line(one) for one in model.classes),
    ]
    yield from (f"# {line}".rstrip() + "\n" for line in lines)
    yield "\n"


def _law_line(one: ClassEstimate) -> str:
    if one.law is None:
        refused = f"; {one.laws[0].family} refused" if one.laws else ""
        return f"{one.name}: closing times by their observed quantiles{refused}."
    p = "–" if one.law.p is None else f"{one.law.p:.3f}"
    return f"{one.name}: closing times as {one.law.family}, fit p = {p}."


def _written(tree: Mapping[str, Any]) -> Iterator[str]:
    """One line for each entry of a section, so that a person can read and change it."""
    for key, value in tree.items():
        if not isinstance(value, dict) or key in ("title", "question", "run"):
            yield f"{key}: {dump_inline(value)}\n"
            continue
        yield f"{key}:\n"
        for name, entry in value.items():
            yield f"  {name}: {dump_inline(entry)}\n"

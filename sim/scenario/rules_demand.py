"""Rules on the run and on demand: clock, sources and shocks."""

from collections.abc import Iterator

from sim.model.sources import Arrivals, Duty, Hazard, Profile, Shock
from sim.model.system import System
from sim.scenario.findings import Finding, shares, unknown
from sim.scenario.nodes import Path
from sim.scenario.rules_people import ALWAYS, check_level
from sim.units import format_duration

COUNTED = ("household", "person", "shop", "building", "floor", "place")


def check_demand(system: System) -> Iterator[Finding]:
    """All rules of this file."""
    yield from _run(system)
    for name, source in system.sources.items():
        path: Path = ("sources", name)
        yield from check_level(system, (*path, "at"), source.at)
        if isinstance(source, Arrivals):
            yield from _arrivals(system, path, source)
            continue
        if isinstance(source, Hazard):
            yield from _hazard(system, path, source)
            continue
        wanted = "duty" if isinstance(source, Duty) else "request"
        yield from _class(system, (*path, "request"), source.request, wanted)
        if isinstance(source, Duty):
            known = [*system.calendars, ALWAYS]
            yield from unknown((*path, "calendar"), "calendar", source.calendar, known)
    for name, shock in system.shocks.items():
        yield from _shock(system, ("shocks", name), shock)


def _run(system: System) -> Iterator[Finding]:
    run = system.run
    for field in ("horizon", "tick", "control"):
        if getattr(run, field) <= 0:
            yield Finding(
                ("run", field),
                "must-be-positive",
                f"`{field}` must be longer than zero",
                f"{field} 须大于零",
            )
    if run.warm_up >= run.horizon > 0:
        warm_up, horizon = format_duration(run.warm_up), format_duration(run.horizon)
        yield Finding(
            ("run", "warm_up"),
            "warm-up-too-long",
            f"the warm-up of {warm_up} leaves nothing of the horizon of {horizon} to measure",
            f"预热期 {warm_up} 不短于仿真时长 {horizon}，没有可统计的时间",
            "The horizon counts from time 0 and includes the warm-up; make it longer.",
            "仿真时长自时刻 0 起算，包含预热期；请加长 horizon。",
        )
    for field in ("horizon", "warm_up", "cool_down", "control"):
        length = getattr(run, field)
        if run.tick > 0 and length % run.tick:
            tick = format_duration(run.tick)
            yield Finding(
                ("run", field),
                "not-whole-ticks",
                f"{format_duration(length)} is not a whole number of ticks of {tick}",
                f"{format_duration(length)} 不是时间刻度 {tick} 的整数倍",
                "Choose a tick that divides it.",
                "请选用能整除它的 tick。",
            )


def _class(system: System, path: Path, name: str, wanted: str) -> Iterator[Finding]:
    yield from unknown(path, "class", name, system.requests)
    found = system.requests.get(name)
    if found is not None and found.kind != wanted:
        yield Finding(
            path,
            "class-kind",
            f"'{name}' is a class of kind {found.kind}; this source brings kind {wanted}",
            f"“{name}”的 kind 为 {found.kind}，本来源只产生 {wanted}",
            f"Write `kind: {wanted}` in the class, or name another class.",
            f"请在该类别中写 kind: {wanted}，或改用其他类别。",
        )


def _arrivals(system: System, path: Path, source: Arrivals) -> Iterator[Finding]:
    for name in source.classes:
        yield from _class(system, (*path, "classes", name), name, "request")
    yield from shares((*path, "classes"), source.classes)
    yield from _rate(path, source)
    if source.times is not None and len(source.classes) > 1:
        yield Finding(
            (*path, "times"),
            "times-of-many-classes",
            "times written out belong to one class; make a source for each",
            "逐一写出的时刻只能属于一个类别；请为每类各写一个来源",
        )


def _hazard(system: System, path: Path, source: Hazard) -> Iterator[Finding]:
    yield from _class(system, (*path, "patrol"), source.patrol, "duty")
    yield from _class(system, (*path, "found"), source.found, "request")
    yield from _class(system, (*path, "surfaced"), source.surfaced, "request")
    duties = [each for each in system.sources.values() if isinstance(each, Duty)]
    if source.patrol in system.requests and all(d.request != source.patrol for d in duties):
        yield Finding(
            (*path, "patrol"),
            "patrol-without-rounds",
            f"no source of kind duty releases '{source.patrol}', so no round finds anything",
            f"没有任何日常任务来源产生“{source.patrol}”，巡查不会发生",
            f"Add a source with `kind: duty` and `request: {source.patrol}`.",
            f"请增加 kind: duty、request: {source.patrol} 的来源。",
        )
    yield from _rate(path, source)


def _rate(path: Path, source: Arrivals | Hazard) -> Iterator[Finding]:
    if (source.rate is None) == (source.times is None):
        yield Finding(
            path,
            "rate-or-times",
            "give exactly one of `rate` and `times`",
            "rate 与 times 须恰好给出一个",
        )
    if source.rate is not None and source.rate.noun not in (None, *COUNTED):
        yield Finding(
            (*path, "rate"),
            "rate-noun",
            f"a rate cannot be counted for each {source.rate.noun}",
            f"频率不能按“{source.rate.noun}”计",
            f"Count {', '.join(COUNTED)}, or set `at` and give the rate of one place.",
            f"可按 {'、'.join(COUNTED)} 计，或用 at 指明层级并给出每处的频率。",
        )
    yield from _profile((*path, "profile"), source.profile)


def _profile(path: Path, profile: Profile) -> Iterator[Finding]:
    for field in ("hours", "weekdays", "months"):
        weights = getattr(profile, field)
        if weights is not None and (min(weights) < 0 or not any(weights)):
            yield Finding(
                (*path, field),
                "weights",
                "weights must not be negative, and one must be above zero",
                "权重不能为负，且至少一个大于零",
            )
    if profile.sine is not None and profile.sine.period <= 0:
        yield Finding(
            (*path, "sine", "period"),
            "must-be-positive",
            "a wave must be longer than zero",
            "周期须大于零",
        )
    if profile.sine is not None and (profile.hours or profile.weekdays or profile.months):
        yield Finding(
            (*path, "sine"),
            "sine-or-weights",
            "give a sine or weights, not both",
            "正弦与权重只能给出一种",
        )


def _shock(system: System, path: Path, shock: Shock) -> Iterator[Finding]:
    if shock.lasts < shock.rise + shock.fall:
        yield Finding(
            (*path, "lasts"),
            "shock-too-short",
            "the shock is shorter than its rise and fall together",
            "冲击时长短于上升段与下降段之和",
        )
    for name, factor in shock.factors.items():
        here: Path = (*path, "factors", name)
        yield from unknown(here, "source", name, system.sources)
        source = system.sources.get(name)
        rated = isinstance(source, Arrivals | Hazard) and source.rate is not None
        if source is not None and not rated:
            yield Finding(
                here,
                "shock-without-rate",
                f"source '{name}' has no rate that a shock could multiply",
                f"来源“{name}”没有可供冲击放大的频率",
            )
        if factor < 0:
            yield Finding(
                here,
                "negative-factor",
                f"a factor of {factor:g} would make a rate negative",
                f"倍数 {factor:g} 会使频率为负",
            )

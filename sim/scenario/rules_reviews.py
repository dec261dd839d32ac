"""Rules on reviews and careers: whom they rate, what they can count and what they write."""

from collections.abc import Iterator

from sim.model.pools import Pool
from sim.model.reviews import FlowStep, LadderRung, LevelChange, Moves, Review
from sim.model.system import System
from sim.scenario.findings import Finding, unknown
from sim.scenario.nodes import Path
from sim.scenario.rules_people import check_level, levels

NOBODYS = ("reported", "found", "surfaced", "pushed")
"""Counts that no worker stands behind."""


def check_reviews(system: System) -> Iterator[Finding]:
    """All rules of this file."""
    for name, pool in system.pools.items():
        yield from _career(("pools", name), pool)
    for name, review in system.reviews.items():
        path: Path = ("reviews", name)
        yield from check_level(system, (*path, "at"), review.at)
        if review.pool is not None:
            yield from unknown((*path, "pool"), "pool", review.pool, system.pools)
        yield from _rated(path, review)
        yield from _readings(system, path, review)
        if review.moves is not None:
            yield from _moves(system, (*path, "moves"), review, review.moves)
        if review.level is not None:
            yield from _level(system, (*path, "level"), review.level)
            yield from _response(system, (*path, "level", "response"), review)
    yield from _rivals(system)


def _career(path: Path, pool: Pool) -> Iterator[Finding]:
    fatigue = pool.fatigue
    if fatigue is None:
        return
    if fatigue.step <= 0:
        yield Finding(
            (*path, "fatigue", "step"),
            "must-be-positive",
            "a step of fatigue must be longer than zero",
            "疲劳的每级时长须大于零",
        )
    if fatigue.slower * fatigue.most >= 1:
        yield _standstill((*path, "fatigue", "slower"), fatigue.slower, fatigue.most)


def _standstill(path: Path, part: float, levels: int) -> Finding:
    return Finding(
        path,
        "standstill",
        f"{levels} levels of {part:g} take away all speed, so work would never end",
        f"{levels} 级、每级 {part:g}，效率将降为零，工作永远做不完",
        "Lower the part or the number of levels.",
        "请减小每级的幅度或级数。",
    )


# ---- whom a review rates, and by what


def _rated(path: Path, review: Review) -> Iterator[Finding]:
    """Places or people, as the effect needs it."""
    of_people = review.replaces is not None
    if review.level is not None and review.level.response is not None:
        return  # either: the places of the line, or the pool that serves it
    if review.level is not None:
        of_people = review.level.productivity is not None
    if of_people and review.pool is None:
        yield Finding(
            (*path, "pool"),
            "review-without-pool",
            "this review acts on people, and no pool is named",
            "该考核作用于人员，却没有写明队伍",
            "Write `pool: NAME`.",
            "请写 pool: 队伍名。",
        )
    if not of_people and review.pool is not None:
        yield Finding(
            (*path, "pool"),
            "review-of-pool",
            "what this review writes belongs to places, so it rates places, not a pool",
            "该考核写入的是各地点的参数，应考核地点而非队伍",
            "Name the level with `at`, and leave `pool` out.",
            "请用 at 写明级别，不写 pool。",
        )
    if of_people and review.replaces is None and review.at is not None:
        yield Finding(
            (*path, "at"),
            "level-of-rated-pool",
            "each team of the pool is rated by itself, so `at` says nothing",
            "每支队伍单独考核，at 不起作用",
            "Leave `at` out.",
            "请删去 at。",
        )


def _readings(system: System, path: Path, review: Review) -> Iterator[Finding]:
    for key, readings in (("reads", review.reads), ("out_of", review.out_of)):
        for index, reading in enumerate(readings):
            here: Path = (*path, key, index)
            for place, name in enumerate(reading.classes):
                yield from unknown((*here, "classes", place), "class", name, system.requests)
            if review.pool is not None and reading.count in NOBODYS:
                yield Finding(
                    (*here, "count"),
                    "count-of-nobody",
                    f"'{reading.count}' cannot be laid to a worker, and people are rated here",
                    f"“{reading.count}”无法归到个人，而这里考核的是人员",
                    "Count what workers have a hand in: closed, on_time, late, contacts, "
                    "unresolved, unsatisfied, claimed.",
                    "请用与人员有关的计数：closed、on_time、late、contacts、unresolved、"
                    "unsatisfied、claimed。",
                )


# ---- what a review writes


def _moves(system: System, path: Path, review: Review, moves: Moves) -> Iterator[Finding]:
    yield from unknown((*path, "duty"), "source", moves.duty, system.sources)
    yield from check_level(system, (*path, "within"), moves.within)
    chain = levels(system)
    at = review.at or chain[0]
    source = system.sources.get(moves.duty)
    if source is not None and (source.kind != "duty" or source.at != at):
        yield Finding(
            (*path, "duty"),
            "rounds-of-another-level",
            f"'{moves.duty}' does not release duties at the level '{at}', which is reviewed",
            f"“{moves.duty}”不是在被考核的级别“{at}”上派出的日常任务",
            "Name a source of kind duty whose `at` is that of the review.",
            "请写 kind: duty 且 at 与考核相同的来源。",
        )
    if moves.within in chain and at in chain and chain.index(moves.within) > chain.index(at):
        yield Finding(
            (*path, "within"),
            "within-narrower",
            f"rounds of a {at} cannot be moved within a {moves.within}, which is narrower",
            f"“{moves.within}”比“{at}”更窄，无法在其中调配",
            f"Name {at} or a wider level.",
            f"请写“{at}”或更宽的级别。",
        )


def _level(system: System, path: Path, change: LevelChange) -> Iterator[Finding]:
    if change.accept is not None:
        yield from _step(system, (*path, "accept"), change.accept, "claim")
    if change.consent is not None:
        yield from _step(system, (*path, "consent"), change.consent, "vote")
    if change.misrouting is not None:
        yield from _rung(system, (*path, "misrouting"), change.misrouting)
    if change.productivity and change.strength * change.most >= 1:
        yield _standstill((*path, "strength"), change.strength, change.most)
    above, below = change.above, change.below
    if above is not None and below is not None and below > above + 1:
        yield Finding(
            (*path, "below"),
            "level-bounds-crossed",
            f"a score above {above} and below {below} would lead up and down at once",
            f"高于 {above} 且低于 {below} 的得分会同时升级和降级",
            f"Let `below` be {above + 1} or less.",
            f"below 不应大于 {above + 1}。",
        )


def _response(system: System, path: Path, review: Review) -> Iterator[Finding]:
    name = review.level.response if review.level else None
    if name is None:
        return
    yield from unknown(path, "line", name, system.lines)
    steps = [step for flow in system.flows.values() for step in flow.steps.values()]
    if name in system.lines and not any(
        step.join and name in step.join.lines for step in steps
    ):
        yield Finding(
            path,
            "nothing-to-write",
            f"no join calls line '{name}', so there is no answer to write",
            f"没有联合处置呼叫队列“{name}”，没有可写入的响应率",
        )
    chain = levels(system)
    line_at = system.lines[name].at or chain[0] if name in system.lines else None
    at = review.at or chain[0]
    if review.pool in system.pools and review.pool:
        at = system.pools[review.pool].at or chain[0]
    if line_at in chain and at in chain and line_at != at:
        yield Finding(
            path,
            "line-of-another-level",
            f"line '{name}' is at level '{line_at}', but what is rated is at '{at}'",
            f"队列“{name}”设在“{line_at}”，而考核对象设在“{at}”",
            "Rate the places or the pool of the line's own level.",
            "请考核与队列同级的地点或队伍。",
        )


def _step(system: System, path: Path, named: FlowStep, form: str) -> Iterator[Finding]:
    yield from unknown((*path, "flow"), "flow", named.flow, system.flows)
    flow = system.flows.get(named.flow)
    if flow is None:
        return
    yield from unknown((*path, "step"), "step", named.step, flow.steps)
    step = flow.steps.get(named.step)
    if step is None:
        return
    found = step.vote if form == "vote" else step.work and step.work.claim
    if found is None:
        yield Finding(
            (*path, "step"),
            "nothing-to-write",
            f"step '{named.step}' has no {form}, so there is no probability to write",
            f"环节“{named.step}”没有 {form}，没有可写入的概率",
        )


def _rung(system: System, path: Path, named: LadderRung) -> Iterator[Finding]:
    yield from unknown((*path, "ladder"), "ladder", named.ladder, system.ladders)
    ladder = system.ladders.get(named.ladder)
    if ladder is None:
        return
    yield from unknown((*path, "rung"), "rung", named.rung, ladder.rungs)
    rung = ladder.rungs.get(named.rung)
    if rung is None:
        return
    overlays = [mode.ladders.get(named.ladder, {}) for mode in system.modes.values()]
    changed = [row[named.rung].misrouting for row in overlays if named.rung in row]
    if named.rung == ladder.order[-1] or not any([rung.misrouting, *changed]):
        yield Finding(
            (*path, "rung"),
            "nothing-to-write",
            f"rung '{named.rung}' never hands a request to a wrong desk",
            f"“{named.rung}”从不误派，没有可写入的概率",
            "Give the rung a `misrouting` above 0, or name another rung.",
            "请为该阶写大于 0 的 misrouting，或改写其他阶。",
        )


def _rivals(system: System) -> Iterator[Finding]:
    """What two reviews write at once belongs to neither."""
    seen: dict[str, str] = {}
    for name, review in system.reviews.items():
        if review.moves is not None:
            key, target = "moves", f"rounds of {review.moves.duty}"
        elif review.level is not None:
            written = review.level.model_dump(
                include={"accept", "consent", "misrouting", "response", "productivity"},
                exclude_none=True,
            )
            key = "level"
            target = f"{review.pool if 'productivity' in written else ''}{written}"
        else:
            continue
        if target in seen:
            yield Finding(
                ("reviews", name, key),
                "written-twice",
                f"review '{seen[target]}' writes the same",
                f"考核“{seen[target]}”已写入同一参数",
                "Let one review read both counts, with weights.",
                "请合并为一项考核，用权重同时读取各项计数。",
            )
        seen.setdefault(target, name)

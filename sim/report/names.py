"""What people call the parts of a scenario: the titles that it gives, else the terms."""

from collections.abc import Sequence

from sim.experiment.design import Lever, short_names
from sim.model.system import System
from sim.report.words import Say, team, word
from sim.scenario.aliases import ALIASES

_SHAPES = frozenset({"lognormal", "triangular", "uniform", "gamma", "exponential", "weibull"})
_RATIO = ("pools", "staff", "rules", "per")


def name_of(group: str, system: System) -> Say:
    """A pool, class or mode by its title, else by its term, else as it is written."""
    named = [*system.pools.items(), *system.requests.items(), *system.modes.items()]
    for name, notion in named:
        title = getattr(notion, "title", None)
        if name == group and title is not None and title.read("en"):
            return Say(title.read("en"), title.read("zh"))
    return team(group)


def lever_name(path: str, levers: Sequence[Lever], system: System) -> Say:
    """A lever for people: the title of its pool and the key, with its Chinese spelling."""
    paths = [lever.path for lever in levers]
    short = short_names(paths)[paths.index(path)]
    steps = path.split(".")
    key = steps[-1]
    what = _what(steps, system)
    if steps[0] != "pools" or steps[1] not in system.pools:
        return Say(short, short if short != key else what.zh)
    if system.pools[steps[1]].title is None and not _is_ratio(steps, system):
        return Say(f"{steps[1]} {key}", f"{steps[1]}·{what.zh}")
    pool = _titled(steps[1], system)
    return Say(f"{pool.en}: {what.en}", f"{pool.zh}：{what.zh}")


def assumption_names(paths: Sequence[str], system: System) -> dict[str, Say]:
    """What people call assumptions, by path; the path where two would be called the same."""
    levers = [Lever(path, ()) for path in paths]
    said = {
        path: lever_name(path, levers, system)
        if path.startswith("pools.")
        else _owned(path.split("."), system)
        for path in paths
    }
    english = [one.en for one in said.values()]
    return {path: one for path, one in said.items() if english.count(one.en) == 1}


def short_lever_names(levers: Sequence[Lever], system: System) -> tuple[Say, ...]:
    """The same as short as a figure needs: what is set, or whose; in full where unclear."""
    short = tuple(_short(lever.path.split("."), system) for lever in levers)
    if len({each.en for each in short}) < len(short):
        return tuple(lever_name(lever.path, levers, system) for lever in levers)
    return short


def setting_name(names: Sequence[Say], values: Sequence[str]) -> Say:
    """A setting: its levers with their values."""
    pairs = list(zip(names, values, strict=True))
    return Say(
        ", ".join(f"{name.en} {value}" for name, value in pairs),
        "，".join(f"{name.zh} {value}" for name, value in pairs),
    )


def _owned(steps: Sequence[str], system: System) -> Say:
    """What is set and whose it is, without the shape of a distribution."""
    shaped = any(step in _SHAPES for step in steps)
    plain = [
        step
        for place, step in enumerate(steps)
        if step not in _SHAPES
        and not (shaped and place == len(steps) - 1 and step in ("mean", "mode"))
    ]
    key = plain[-1]
    what = Say(key, ALIASES.get(key, (key,))[0])
    if len(plain) < 2:
        return what
    owner = name_of(plain[-2], system)
    if owner.en == owner.zh:
        owner = Say(plain[-2], ALIASES.get(plain[-2], (plain[-2],))[0])
    return Say(f"{owner.en}: {what.en}", f"{owner.zh}：{what.zh}")


def _short(steps: Sequence[str], system: System) -> Say:
    if steps[0] == "pools" and steps[1] in system.pools and steps[-1] == "workers":
        return _titled(steps[1], system)
    return _what(steps, system)


def _what(steps: Sequence[str], system: System) -> Say:
    """What a lever sets, without whose it is."""
    if _is_ratio(steps, system):
        return word("households_per_worker")
    return Say(steps[-1], ALIASES.get(steps[-1], (steps[-1],))[0])


def _titled(pool: str, system: System) -> Say:
    title = system.pools[pool].title
    return Say(pool, pool) if title is None else Say(title.read("en"), title.read("zh"))


def _is_ratio(steps: Sequence[str], system: System) -> bool:
    """Whether it says how many households one worker of a pool has."""
    if len(steps) != 6 or (steps[0], *steps[2:4], steps[5]) != _RATIO:
        return False
    rule = (
        system.pools[steps[1]].staff.rules.get(steps[4]) if steps[1] in system.pools else None
    )
    return rule is not None and rule.workers == 1 and rule.of == "household"

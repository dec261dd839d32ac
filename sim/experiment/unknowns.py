"""Unknowns: the assumed ranges of a scenario as parameters of a calibration or sensitivity run.

One assumption written once is one parameter, however many fields it reaches by an alias or by
`extends`; so what two scenarios share moves in both. A range over a factor of five and more is
searched on a log scale. Shares of one choice are scaled to sum to one after they were moved.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Final, NamedTuple

from sim.errors import ScenarioError
from sim.experiment.design import is_within
from sim.experiment.points import UnknownPath
from sim.model.system import System
from sim.scenario.checks import validate
from sim.scenario.nodes import Entry, Items, Leaf, Node, Table, show, walk
from sim.scenario.nodes import Path as FieldPath
from sim.scenario.reader import Reading, fields_of
from sim.scenario.rules import find_problems
from sim.units import comparable

LOG_FROM: Final = 5.0
"""Ratio of the ends of a range from which it is searched on a log scale."""

_NUMBER = re.compile(r"^\s*([-+]?\d[\d.,]*(?:[eE][-+]?\d+)?)(.*)$", re.DOTALL)
_LEFT_OUT: Final = ("targets", "run")


class Unknown(NamedTuple):
    """One assumption with a range.

    Attributes
    ----------
    name
        Its first field path; with ``@scenario`` where only that other scenario has it.
    places
        Fields that it reaches, as (number of the scenario, path).
    now
        The assumed value, as written.
    low, high
        Ends of the range as numbers of `unit`.
    ends
        The ends as written.
    unit
        What stands behind the number, such as `` min`` or ``/household/year``.
    whole
        Whether only whole numbers fit.
    """

    name: str
    places: tuple[tuple[int, FieldPath], ...]
    now: str
    low: float
    high: float
    ends: tuple[str, str]
    unit: str
    whole: bool

    @property
    def is_log(self) -> bool:
        """Whether the range is searched on a log scale."""
        return self.low > 0 and self.high / self.low >= LOG_FROM

    def value(self, place: float) -> float:
        """The number at a place from 0 to 1 of the range."""
        if self.whole:
            # Each whole number has an equal part of the range.
            return float(min(math.floor(self.low + place * (self.high - self.low + 1)),
                             self.high))  # fmt: skip
        if self.is_log:
            return float(self.low * (self.high / self.low) ** place)
        return float(self.low + place * (self.high - self.low))

    def text(self, place: float) -> int | float | str:
        """The value at a place of the range as a file would hold it."""
        value = self.value(place)
        if self.unit:
            return f"{int(value) if self.whole else _digits(value)}{self.unit}"
        return int(value) if self.whole else float(_digits(value))


def unknowns_of(
    readings: Sequence[Reading[System]], vary: Iterable[str] = ()
) -> tuple[Unknown, ...]:
    """The assumptions with a range of several scenarios, in the order of their files.

    Parameters
    ----------
    readings
        The scenario, and those before that its targets are held against.
    vary
        Only assumptions that reach one of these fields, or a field below; all by default.

    Raises
    ------
    UnknownPath
        If nothing assumed lies at a path of `vary`.
    """
    places: dict[tuple[str, int, int], list[tuple[int, FieldPath]]] = {}
    for number, reading in enumerate(readings):
        for path, node in walk(reading.written):
            origin = reading.provenance.get(show(path))
            if origin is None or origin.kind not in ("assumed", "calibrated"):
                continue
            if origin.range is None or path[0] in _LEFT_OUT:
                continue
            mark = node.mark
            # One file may be reached by several paths.
            file = str(Path(mark.source.name).resolve())
            places.setdefault((file, mark.line, mark.column), []).append((number, path))
    found = [one for spots in places.values() if (one := _unknown(readings, spots))]
    return _chosen(found, list(vary))


def _unknown(
    readings: Sequence[Reading[System]], spots: list[tuple[int, FieldPath]]
) -> Unknown | None:
    number, path = spots[0]
    reading = readings[number]
    origin = reading.provenance[show(path)]
    if origin.range is None:
        raise AssertionError(path)
    ends = origin.range
    low, unit = _split(ends[0])
    sizes = [comparable(_typed(end)) for end in (*ends, origin.value)]
    if any(size is None for size in sizes) or sizes[0] is None or sizes[1] is None:
        return None
    if sizes[0][1] == sizes[1][1]:
        return None
    if not low:
        top, unit = _split(ends[1])
        step = sizes[1][1] / Fraction(str(top))
    else:
        step = sizes[0][1] / Fraction(str(low))
    name = show(path) if number == 0 else f"{show(path)}@{reading.model.name}"
    one = Unknown(
        name,
        tuple(spots),
        origin.value,
        float(sizes[0][1] / step),
        float(sizes[1][1] / step),
        ends,
        unit,
        whole=False,
    )
    return one._replace(whole=_only_whole(reading, path, one))


def _only_whole(reading: Reading[System], path: FieldPath, one: Unknown) -> bool:
    """Whether a field refuses a number between two whole ones."""
    if not all(float(end).is_integer() for end in (one.low, one.high)):
        return False
    between = one.low + 0.5 if one.high > one.low + 1 else (one.low + one.high) / 2
    tried: int | float | str = f"{between}{one.unit}" if one.unit else between
    model, _ = validate(System, replaced(reading.placed, {path: tried}))
    return model is None


def _chosen(found: list[Unknown], vary: list[str]) -> tuple[Unknown, ...]:
    if not vary:
        return tuple(found)
    kept: list[Unknown] = []
    for wanted in vary:
        plain, _, at = wanted.partition("@")
        mine = [
            one
            for one in found
            if any(is_within(show(path), plain) for _, path in one.places)
            and (not at or one.name.endswith(f"@{at}"))
        ]
        if not mine:
            names = [show(path) for one in found for _, path in one.places]
            raise UnknownPath(wanted, get_close_matches(plain, names, n=3, cutoff=0.5))
        kept += [one for one in mine if one not in kept]
    return tuple(one for one in found if one in kept)


def systems_at(
    readings: Sequence[Reading[System]], unknowns: Sequence[Unknown], point: Sequence[float]
) -> list[System]:
    """The scenarios with every unknown at its place of the range.

    Parameters
    ----------
    readings, unknowns
        As for `unknowns_of`.
    point
        One number from 0 to 1 for each unknown.

    Raises
    ------
    ScenarioError
        If the scenario refuses these values together.
    """
    systems = []
    for number, reading in enumerate(readings):
        root = replaced(reading.placed, written_at(readings, unknowns, point, number))
        model, problems = validate(System, root)
        if model is None:
            raise ScenarioError(problems)
        wrong = find_problems(model, fields_of(reading.overrides))
        if wrong:
            raise ScenarioError(wrong)
        systems.append(model)
    return systems


def written_at(
    readings: Sequence[Reading[System]],
    unknowns: Sequence[Unknown],
    point: Sequence[float],
    number: int,
) -> dict[FieldPath, int | float | str]:
    """What one scenario says at a point, by path: its unknowns, and shares scaled to fit."""
    moved = {
        path: unknown.text(place)
        for unknown, place in zip(unknowns, point, strict=True)
        for where, path in unknown.places
        if where == number
    }
    placed = readings[number].placed
    return {**moved, **_shares(replaced(placed, moved), placed, moved)}


def values_at(
    unknowns: Sequence[Unknown], point: Sequence[float]
) -> dict[str, int | float | str]:
    """The value of every unknown at a point, by its name."""
    return {one.name: one.text(place) for one, place in zip(unknowns, point, strict=True)}


def replaced(root: Node, values: Mapping[FieldPath, int | float | str]) -> Node:
    """The tree with other plain values at some paths."""
    return _replaced(root, values) if values else root


def _replaced(node: Node, values: Mapping[FieldPath, int | float | str]) -> Node:
    """The same below one node, from which the paths are seen."""
    if isinstance(node, Leaf):
        return Leaf(values[()], node.mark) if () in values else node
    below: dict[str | int, dict[FieldPath, int | float | str]] = {}
    for path, value in values.items():
        if path:
            below.setdefault(path[0], {})[path[1:]] = value
    if not below:
        return node
    if isinstance(node, Table):
        entries = {
            key: Entry(entry.key, _replaced(entry.node, below[key])) if key in below else entry
            for key, entry in node.entries.items()
        }
        return Table(entries, node.mark)
    items = (
        _replaced(item, below[k]) if k in below else item for k, item in enumerate(node.nodes)
    )
    return Items(tuple(items), node.mark)


def _shares(
    root: Node, before: Node, moved: Mapping[FieldPath, int | float | str]
) -> dict[FieldPath, int | float | str]:
    """Shares that summed to one before and do not now, scaled so that they do again.

    Those that were moved keep what they were given as far as the others can make room.
    """
    found: dict[FieldPath, int | float | str] = {}
    for above in {path[:-1] for path in moved}:
        old, new = _numbers(before, above), _numbers(root, above)
        if old is None or new is None or len(old) < 2 or abs(sum(old.values()) - 1) > 1e-9:
            continue
        free = [key for key in new if (*above, key) not in moved]
        taken = sum(value for key, value in new.items() if key not in free)
        room = sum(new[key] for key in free)
        if room > 0 and taken < 1:
            scaled = {key: new[key] * (1 - taken) / room for key in free}
        else:
            scaled = {key: value / sum(new.values()) for key, value in new.items()}
        whole = {**new, **{key: round(value, 12) for key, value in scaled.items()}}
        last = next(reversed(scaled))
        whole[last] = round(whole[last] + 1 - sum(whole.values()), 12)
        found.update({(*above, key): value for key, value in whole.items()})
    return found


def _numbers(root: Node, path: FieldPath) -> dict[str, float] | None:
    node: Node | None = root
    for step in path:
        node = (
            node.entries[step].node
            if isinstance(node, Table) and isinstance(step, str) and step in node.entries
            else None
        )
    if not isinstance(node, Table):
        return None
    numbers: dict[str, float] = {}
    for key, entry in node.entries.items():
        value = entry.node.value if isinstance(entry.node, Leaf) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        numbers[key] = float(value)
    return numbers


def _typed(text: str) -> int | float | str:
    """A number as number, a quantity as text: provenance keeps both as text."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def _split(text: str) -> tuple[float, str]:
    found = _NUMBER.match(text)
    if found is None:
        return 0.0, ""
    return float(found[1].replace(",", "")), found[2]


def _digits(value: float) -> str:
    # Four digits: people read them, and times stay whole microseconds.
    return f"{value:.4g}"


def place_now(one: Unknown) -> float:
    """Where in its range the assumed value lies, from 0 to 1."""
    size, low, high = (comparable(_typed(text)) for text in (one.now, *one.ends))
    if size is None or low is None or high is None:
        return 0.5
    share = float((size[1] - low[1]) / (high[1] - low[1]))
    if one.whole:
        count = one.high - one.low + 1
        return (share * (one.high - one.low) + 0.5) / count
    if one.is_log:
        value = one.low + share * (one.high - one.low)
        share = math.log(value / one.low) / math.log(one.high / one.low)
    return min(max(share, 0.0), 1.0)

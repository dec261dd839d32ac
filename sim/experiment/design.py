"""Designs: which settings of which levers a sweep plays.

A lever is a field path, as ``gridgov resolve --paths`` prints it, with the values that it
takes. Values stay the text that was given, so that a point means the same as its ``--set``.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import product
from math import prod
from typing import Final, NamedTuple

MOST_VALUES: Final = 10_000
"""More values of one lever are a slip of the step."""

_RANGE = re.compile(
    r"(?P<start>[-+]?\d+(\.\d+)?)(?P<unit>[^:,]*):"
    r"(?P<stop>[-+]?\d+(\.\d+)?)(?P<unit_2>[^:,]*):"
    r"(?P<step>[-+]?\d+(\.\d+)?)(?P<unit_3>[^:,]*)"
)
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")


class DesignError(ValueError):
    """A design that makes no sense, told in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh

    def message(self, lang: str) -> str:
        """What is wrong, in one language."""
        return self.zh if lang == "zh" else self.en


class Lever(NamedTuple):
    """A field and the values that it takes, as text."""

    path: str
    values: tuple[str, ...]

    @property
    def is_number(self) -> bool:
        """Whether all values are plain numbers, without a unit."""
        return all(_NUMBER.fullmatch(value) for value in self.values)


class Point(NamedTuple):
    """One setting of all levers.

    Attributes
    ----------
    number
        From 1, in the order of the design.
    name
        For people: the last words of each path with their values.
    values
        One for each lever, in order.
    overrides
        The same as ``--set`` takes it.
    """

    number: int
    name: str
    values: tuple[str, ...]
    overrides: tuple[str, ...]


def parse_lever(text: str) -> Lever:
    """Read ``PATH=200:600:50`` (start, stop, step; both ends belong to it) or ``PATH=a,b,c``.

    Raises
    ------
    DesignError
        If it reads otherwise, or the range or the list makes no sense.
    """
    path, equals, said = (part.strip() for part in text.partition("="))
    if not path or not equals or not said:
        raise DesignError(
            f"'{text}' does not vary anything; write PATH=200:600:50 or PATH=a,b,c",
            f"“{text}”没有给出取值；请写 PATH=200:600:50 或 PATH=a,b,c",
        )
    values = _range(text, said) if _RANGE.fullmatch(said) else _listed(said)
    empty = [value for value in values if not value]
    twice = [value for place, value in enumerate(values) if value in values[:place]]
    if empty:
        raise DesignError(f"{text}: a value is missing", f"{text}：缺少一个取值")
    if twice:
        raise DesignError(f"{text}: {twice[0]} stands there twice", f"{text}：{twice[0]} 重复")
    return Lever(path, values)


def check_levers(levers: Sequence[Lever]) -> None:
    """Refuse levers that lie one within the other, or that decide what a sweep decides.

    Raises
    ------
    DesignError
        If there are such.
    """
    for place, lever in enumerate(levers):
        for other in levers[:place]:
            if is_within(lever.path, other.path) or is_within(other.path, lever.path):
                raise DesignError(
                    f"{other.path} and {lever.path} set the same field",
                    f"{other.path} 与 {lever.path} 设置的是同一字段",
                )
        if lever.path in ("run.seed", "run.replications"):
            raise DesignError(
                f"{lever.path} is the same for all points; give it with --seed or -n",
                f"{lever.path} 对所有方案相同；请用 --seed 或 -n 给出",
            )


def is_within(path: str, above: str) -> bool:
    """Whether a path is another one or lies below it."""
    return path == above or path.startswith((f"{above}.", f"{above}["))


def size_of(levers: Sequence[Lever]) -> int:
    """How many points the grid has."""
    return prod(len(lever.values) for lever in levers)


def grid(levers: Sequence[Lever]) -> tuple[Point, ...]:
    """Every combination of values, the first lever slowest."""
    names = short_names([lever.path for lever in levers])
    return tuple(
        Point(
            number,
            ", ".join(f"{name} {value}" for name, value in zip(names, values, strict=True)),
            values,
            tuple(f"{lever.path}={value}" for lever, value in zip(levers, values, strict=True)),
        )
        for number, values in enumerate(product(*(lever.values for lever in levers)), 1)
    )


def short_names(paths: Sequence[str]) -> tuple[str, ...]:
    """The last words of each path, as many as tell it from the others."""
    return tuple(
        next(
            (
                name
                for name in _endings(path)
                if sum(name in _endings(other) for other in paths) == 1
            ),
            path,
        )
        for path in paths
    )


def _endings(path: str) -> list[str]:
    steps = path.split(".")
    return [".".join(steps[place:]) for place in range(len(steps) - 1, -1, -1)]


def _range(text: str, said: str) -> tuple[str, ...]:
    found = _RANGE.fullmatch(said)
    if found is None:
        raise AssertionError(said)
    units = {found[name].strip() for name in ("unit", "unit_2", "unit_3")}
    if len(units) > 1:
        raise DesignError(
            f"{text}: start, stop and step need the same unit",
            f"{text}：起点、终点和步长的单位必须相同",
        )
    start, stop, step = (Decimal(found[name]) for name in ("start", "stop", "step"))
    if step == 0 or (stop - start) * step < 0:
        raise DesignError(
            f"{text}: steps of {step} never lead from {start} to {stop}",
            f"{text}：以 {step} 为步长无法从 {start} 到达 {stop}",
        )
    count = int((stop - start) / step) + 1
    if count > MOST_VALUES:
        raise DesignError(
            f"{text}: {count} values; at most {MOST_VALUES}",
            f"{text}：共 {count} 个取值，最多 {MOST_VALUES} 个",
        )
    return tuple(f"{start + index * step}{found['unit']}" for index in range(count))


def _listed(said: str) -> tuple[str, ...]:
    """The values between commas; commas within brackets or quotation marks are theirs."""
    values, depth, begun, quote = [], 0, 0, ""
    for place, sign in enumerate(said):
        if quote or sign in "\"'":
            quote = "" if sign == quote else quote or sign
        elif sign in "[{(":
            depth += 1
        elif sign in "]})":
            depth -= 1
        elif sign == "," and depth <= 0:
            values.append(said[begun:place].strip())
            begun = place + 1
    return (*values, said[begun:].strip())

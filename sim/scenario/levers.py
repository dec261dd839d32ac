"""Levers: what a design varies, as it is written on the command line and in a scenario.

A lever is a field path, as ``gridgov resolve --paths`` prints it, with the values that it
takes. Values stay the text that was given, so that a point means the same as its ``--set``.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from sim.model.experiment import Kind

MOST_VALUES: Final = 10_000
"""More values of one lever are a slip of the step."""

_RANGE = re.compile(
    r"(?P<start>[-+]?\d+(\.\d+)?)(?P<unit>[^:,.]*):"
    r"(?P<stop>[-+]?\d+(\.\d+)?)(?P<unit_2>[^:,.]*):"
    r"(?P<step>[-+]?\d+(\.\d+)?)(?P<unit_3>[^:,.]*)"
)
# Two ends alone cannot stand around a colon: 08:30 is a time of day.
_OPEN = re.compile(
    r"(?P<start>[-+]?\d+(\.\d+)?)(?P<unit>[^:,.]*)\.\."
    r"(?P<stop>[-+]?\d+(\.\d+)?)(?P<unit_2>[^:,.]*)"
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
    """A field and the values that it takes, as text.

    Attributes
    ----------
    path
        As ``gridgov resolve --paths`` prints it.
    values
        In the order given.
    is_open
        Whether a range was given without a step: too fine for a grid, as fine as it is
        written for designs that sample.
    """

    path: str
    values: tuple[str, ...]
    is_open: bool = False

    @property
    def is_number(self) -> bool:
        """Whether all values are plain numbers, without a unit."""
        return all(_NUMBER.fullmatch(value) for value in self.values)


def parse_lever(text: str) -> Lever:
    """Read ``PATH=200:600:50`` (start, stop, step; both ends belong to it) or ``PATH=a,b,c``.

    An open range, ``PATH=0.20..0.60``, counts in the last digit that is written.

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
    found = _RANGE.fullmatch(said) or _OPEN.fullmatch(said)
    values = _range(text, found) if found else _listed(said)
    empty = [value for value in values if not value]
    twice = [value for place, value in enumerate(values) if value in values[:place]]
    if empty:
        raise DesignError(f"{text}: a value is missing", f"{text}：缺少一个取值")
    if twice:
        raise DesignError(f"{text}: {twice[0]} stands there twice", f"{text}：{twice[0]} 重复")
    return Lever(path, values, is_open=found is not None and found.re is _OPEN)


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


def check_kind(levers: Sequence[Lever], kind: Kind, count: int | None) -> None:
    """Refuse a number of points where the levers give it, and the lack of one elsewhere.

    Raises
    ------
    DesignError
        If design, levers and number do not go together.
    """
    if kind != "grid":
        if count is None:
            raise DesignError(
                f"design {kind} needs a number of points, as --points 64",
                f"{kind} 设计需要给出方案数，例如 --points 64",
            )
        return
    if count is not None:
        raise DesignError(
            "a grid has as many points as its values make; points go with lhs and sobol",
            "网格设计的方案数由取值决定；方案数只用于 lhs 与 sobol",
        )
    for lever in levers:
        if lever.is_open:
            first, last = lever.values[0], lever.values[-1]
            raise DesignError(
                f"{lever.path}: a grid needs a step: {first}:{last}:STEP",
                f"{lever.path}：网格设计需要步长：{first}:{last}:步长",
            )


def _range(text: str, found: re.Match[str]) -> tuple[str, ...]:
    parts = found.groupdict()
    if len({unit.strip() for name, unit in parts.items() if name.startswith("unit")}) > 1:
        raise DesignError(
            f"{text}: start, stop and step need the same unit",
            f"{text}：起点、终点和步长的单位必须相同",
        )
    start, stop = Decimal(parts["start"]), Decimal(parts["stop"])
    step = Decimal(parts["step"]) if "step" in parts else _last_digit(start, stop)
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
    return tuple(f"{start + index * step}{parts['unit']}" for index in range(count))


def _last_digit(start: Decimal, stop: Decimal) -> Decimal:
    """One unit of the last digit that either end is written with: the step of an open range."""
    exponents = (int(start.as_tuple().exponent), int(stop.as_tuple().exponent))
    return Decimal(1).scaleb(min(exponents))


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

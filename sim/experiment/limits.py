"""Service limits, such as ``p90(resolution_time) <= 3 d ± 2 h``, and what a replication says.

A limit is about the mean of a figure over replications, or, for a share, about the ratio of
totals. Every replication gives one centred observation, positive where the limit is met:

* a time or a count: bound minus value. A time that is not reached within the follow-up counts
  as the follow-up, which is why a limit beyond the follow-up is refused;
* a share: (hits - bound · cases) / mean cases, whose mean is 0 exactly at the bound, which the
  mean of shares is not.
"""

import math
import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final, NamedTuple

import numpy as np

from sim.analysis.intervals import Floats, linear_form
from sim.experiment.design import DesignError
from sim.experiment.figures import is_ratio
from sim.experiment.runs import Figure
from sim.metrics.catalogue import BY_NAME
from sim.units import parse_duration

RELATIVE_TOLERANCE: Final = 0.05
"""Of a limit in hours or counts, unless it says its own."""
SHARE_TOLERANCE: Final = 0.01
"""Of a limit of a share: one percentage point."""
HOUR: Final = 3_600_000_000

_FORM = re.compile(
    r"(?P<what>\w+(\s*\(\s*\w+\s*\))?)\s*(\[(?P<group>[^\]]+)\])?\s*(?P<sign><=|>=|≤|≥)"
    r"\s*(?P<bound>[^±]+?)\s*((±|\+-|\+/-)\s*(?P<tolerance>.+))?"
)
_OF = re.compile(r"(?P<statistic>\w+)\s*\(\s*(?P<quantity>\w+)\s*\)")
_QUANTITIES: Final = {"response": "first_response"}
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")


class Limit(NamedTuple):
    """A bound on a figure.

    Attributes
    ----------
    text
        As people read it, without the tolerance.
    metric
        Name of the metric.
    group
        Part that it is about; None: all requests.
    at_most
        Whether the figure must not exceed the bound; otherwise it must reach it.
    bound, tolerance
        In the metric's unit; the tolerance is the half-width of the indifference zone.
    """

    text: str
    metric: str
    group: str | None
    at_most: bool
    bound: float
    tolerance: float


def parse_limit(text: str) -> Limit:
    """Read a limit.

    Raises
    ------
    DesignError
        If it does not read ``METRIC[GROUP] <= VALUE ± TOLERANCE`` with optional parts, there is
        no such metric, or a value has the wrong unit.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise DesignError(
            f"'{text}' is no limit; write it like \"p90(resolution_time) <= 3 d\" or "
            f'"on_time_rate[war] >= 90 % ± 2 %"',
            f'“{text}”不是服务限值；请写成 "p90(resolution_time) <= 3 d" 或 '
            f'"on_time_rate[war] >= 90 % ± 2 %"',
        )
    metric = _metric(found["what"], text)
    bound = _value(found["bound"], metric, text)
    tolerance = _default_tolerance(metric, bound)
    if found["tolerance"] is not None:
        tolerance = _value(found["tolerance"], metric, text)
    if not tolerance > 0:
        raise DesignError(
            f'{text}: the tolerance must be more than 0; add it, as in "± 2 h"',
            f"{text}：容差必须大于 0；请写明，例如“± 2 h”",
        )
    sign = {"≤": "<=", "≥": ">="}.get(found["sign"], found["sign"])
    group = found["group"].strip() if found["group"] else None
    part = f"[{group}]" if group else ""
    said = f"{found['what'].strip()}{part} {sign} {found['bound'].strip()}"
    return Limit(said, metric, group, sign == "<=", bound, tolerance)


def limits_by(limits: Iterable[Limit], groups: Iterable[str]) -> tuple[Limit, ...]:
    """Each limit once for each group, except those that name theirs."""
    named = list(groups)
    return tuple(
        part
        for limit in limits
        for part in ([limit] if limit.group else [_for_group(limit, g) for g in named])
    )


def observations(limit: Limit, figure: Figure, follow_up: float) -> Floats:
    """Centred observations of a figure, in order of replication; positive: the limit is met.

    Parameters
    ----------
    limit
        The limit.
    figure
        Values by replication; undefined ones (nan) say nothing and are left out.
    follow_up
        Hours that stand for a time that was not reached.
    """
    sign = -1.0 if limit.at_most else 1.0
    if is_ratio(limit.metric):
        # What was not reached is the worst there is: nobody was closed in time.
        reached = [0.0 if value is None else value for value in figure.values]
        hits, cases = figure._replace(values=list(reached)).totals
        mean = float(np.mean(cases)) if len(cases) else 0.0
        if not mean > 0:
            return np.empty(0)
        return np.asarray(sign * linear_form(hits, cases, limit.bound) / mean)
    values = np.array(capped(figure, follow_up), dtype=np.float64)
    return np.asarray(sign * (values[~np.isnan(values)] - limit.bound))


def capped(figure: Figure, follow_up: float) -> list[float]:
    """Values of a figure, the follow-up where it was not reached."""
    return [follow_up if value is None else value for value in figure.values]


def check_follow_up(limit: Limit, follow_up: float) -> None:
    """Refuse a limit that nobody could see being missed.

    Raises
    ------
    DesignError
        If it is a time not shorter than the follow-up.
    """
    if BY_NAME[limit.metric].unit == "h" and limit.bound + limit.tolerance > follow_up:
        raise DesignError(
            f"{limit.text}: the follow-up of {follow_up:g} h is too short to see it missed; "
            f"lengthen run.follow_up (and run.cool_down)",
            f"{limit.text}：随访期 {follow_up:g} 小时太短，看不出是否超限；"
            f"请延长 run.follow_up（及 run.cool_down）",
        )


def _for_group(limit: Limit, group: str) -> Limit:
    name, sign, bound = limit.text.partition(" <= " if limit.at_most else " >= ")
    return limit._replace(group=group, text=f"{name}[{group}]{sign}{bound}")


def _metric(what: str, text: str) -> str:
    called = _OF.fullmatch(what.strip())
    name = what.strip()
    if called is not None:
        quantity = called["quantity"].removesuffix("_time")
        name = f"{_QUANTITIES.get(quantity, quantity)}_{called['statistic']}"
    if name in BY_NAME:
        return name
    near = get_close_matches(name, BY_NAME, n=1)
    raise DesignError(
        f"{text}: there is no metric '{name}'" + (f"; did you mean {near[0]}?" if near else ""),
        f"{text}：没有指标“{name}”" + (f"，是否指 {near[0]}？" if near else ""),
    )


def _value(said: str, metric: str, text: str) -> float:
    unit = BY_NAME[metric].unit
    if unit == "h":
        try:
            return parse_duration(said.strip()) / HOUR
        except ValueError:
            raise DesignError(
                f"{text}: '{said}' is no length of time; write 3 d or 36 h",
                f"{text}：“{said}”不是时长；请写 3 d 或 36 h",
            ) from None
    number, per_cent = said.strip(), 1.0
    if unit == "1" and number.endswith("%"):
        number, per_cent = number.removesuffix("%").strip(), 100.0
    if not _NUMBER.fullmatch(number):
        raise DesignError(
            f"{text}: '{said}' is no number" + (" or share, such as 90 %" * (unit == "1")),
            f"{text}：“{said}”不是数字" + ("或比例（如 90 %）" * (unit == "1")),
        )
    return float(number) / per_cent


def _default_tolerance(metric: str, bound: float) -> float:
    if BY_NAME[metric].unit == "1":
        return SHARE_TOLERANCE
    return RELATIVE_TOLERANCE * math.fabs(bound)

"""Checks that a comparison must pass, such as ``resolution_p90[war] > 48``."""

import operator
import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import NamedTuple

import pandas as pd

from sim.errors import AnalysisError
from sim.metrics.catalogue import BY_NAME

_FORM = re.compile(
    r"(?P<metric>\w+)(\[(?P<group>[^\]]+)\])?(?P<difference>\.difference)?"
    r"\s*(?P<sign>[<>]=?)\s*(?P<bound>[-+]?\d+(\.\d+)?)\s*(?P<percent>%)?"
)
_SIGNS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Check(NamedTuple):
    """A condition under which a comparison fails."""

    text: str
    metric: str
    group: str | None
    """Part that the figure is about; None: all requests."""
    is_difference: bool
    """Whether the difference to the first scenario is meant, not the value."""
    sign: str
    bound: float


def parse_check(text: str) -> Check:
    """Read a check.

    Raises
    ------
    ValueError
        If it does not read ``METRIC[GROUP].difference > NUMBER`` with optional parts, or
        there is no such metric.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(
            f"'{text}' is no check; write METRIC>NUMBER, METRIC[GROUP]<NUMBER or "
            f"METRIC.difference>NUMBER"
        )
    if found["metric"] not in BY_NAME:
        near = get_close_matches(found["metric"], BY_NAME, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(f"{text}: there is no metric '{found['metric']}'{hint}")
    bound = float(found["bound"]) / (100 if found["percent"] else 1)
    return Check(
        text, found["metric"], found["group"], bool(found["difference"]), found["sign"], bound
    )


def failed(check: Check, differences: pd.DataFrame) -> list[str]:
    """What fails the check, in words; a figure without a value fails, since it proves nothing.

    Raises
    ------
    AnalysisError
        If there is no such figure.
    """
    group = differences["by"] == "all"
    if check.group is not None:
        group = differences["group"] == check.group
    rows = differences[(differences["metric"] == check.metric) & group]
    if not len(rows):
        raise AnalysisError(f"{check.text}: {_unknown(check, differences)}")
    column = "difference" if check.is_difference else "other_mean"
    named = [(row["other"], row[column]) for _, row in rows.iterrows()]
    if not check.is_difference:
        named.insert(0, (rows["baseline"].iloc[0], rows["baseline_mean"].iloc[0]))
    return [
        f"{check.text}: {name} {'has no value' if pd.isna(value) else f'has {value:.4g}'}"
        for name, value in named
        if pd.isna(value) or _SIGNS[check.sign](value, check.bound)
    ]


def _unknown(check: Check, differences: pd.DataFrame) -> str:
    groups = sorted(set(differences.loc[differences["metric"] == check.metric, "group"]))
    near = get_close_matches(check.group or "", groups, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"{check.metric} has no group '{check.group}'{hint}"

"""The requests of a log one by one, as they were understood."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sim.exchange.request_log import CLOSED, NONE, OPEN, UNKNOWN, RequestLog

HEADER: Final = (
    "id",
    "class",
    "reported",
    "outcome",
    "hours_to_closing",
    "hours_to_due",
    "in_time",
    "on_time_by_city_rule",
    "city_flag",
)
_OUTCOMES: Final = {CLOSED: "closed", OPEN: "open", UNKNOWN: "closed, not known when"}
_HOUR: Final = 3_600_000_000


def case_list(log: RequestLog) -> Iterator[str]:
    """The table as pieces of CSV.

    ``in_time`` is empty without a due time; the city's rule, as Boston has it, counts those as
    on time. ``city_flag`` is what the log itself says, and is used for nothing.
    """
    yield _line(HEADER)
    names = ("request_class", "reported_at", "outcome", "duration", "due_in")
    columns = [getattr(log, name).tolist() for name in names]
    for key, flag, kind, wall, outcome, duration, due in zip(
        log.ids, log.flags, *columns, strict=True
    ):
        has_due = due != NONE
        in_time = has_due and outcome == CLOSED and duration <= due
        yield _line(
            (
                key,
                log.classes[kind],
                (datetime(1970, 1, 1) + timedelta(microseconds=wall)).isoformat(sep=" "),
                _OUTCOMES[outcome],
                f"{duration / _HOUR:.6f}" if outcome == CLOSED else "",
                f"{due / _HOUR:.6f}" if has_due else "",
                _word(in_time) if has_due else "",
                _word(in_time or not has_due),
                "" if flag is None else _word(flag),
            )
        )


def _word(said: bool) -> str:  # noqa: FBT001 - it is the value
    return "yes" if said else "no"


def _line(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()

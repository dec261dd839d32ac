"""A log of service requests as columns of numbers, with all that was left out and why.

A row is *dropped* when it is no request to be served: a duplicate, a cancelled one, a row
without a type. A row is *kept without a closing time* when it counts as an arrival but its
duration is not known: closed at an unknown time, or before it was reported. An open request is
kept as censored: it has waited at least until the log ends.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem, ScenarioError
from sim.exchange.log_problems import MOST, problem
from sim.exchange.log_text import Row, Sheet, read_sheet
from sim.exchange.log_times import Clock, Instant, TimeError, zone_of
from sim.model.columns import Columns

Int = NDArray[np.int64]

NONE: Final = -(1 << 62)
"""No such moment."""
FOUND: Final = "_found"
"""Ending of the class of requests that the city's own workers found and reported."""

DAY: Final = 86_400_000_000

CLOSED: Final = 0
OPEN: Final = 1
UNKNOWN: Final = 2
"""Outcome of a request whose duration is not known."""

DROPPED: Final = (
    "unreadable", "duplicate", "cancelled", "no_type", "no_report_time", "found_by_workers",
    "after_the_end",
)  # fmt: skip
"""Reasons for which a row is not used at all."""
UNTIMED: Final = ("closed_without_time", "closed_before_report")
"""Reasons for which a request is kept as an arrival only."""

Finds = Literal["split", "keep", "drop"]


class Wish(NamedTuple):
    """What the reader of a log asked for."""

    encoding: str = "utf-8"
    finds: Finds = "split"
    """Whether finds of the city's own workers are classes of their own, stay with the other
    requests of their type, or are dropped."""
    keep_cancelled: bool = False
    skip_unreadable: bool = False
    until: str | None = None
    """The moment to which the log was kept, as the log writes times; None: its last time."""


class RequestLog(NamedTuple):
    """The requests of a log, in order of their report."""

    file: str
    zone: str | None
    tick: int
    """Resolution of its times in µs: a minute where no time has seconds."""
    classes: tuple[str, ...]
    """Names of the classes, as scenarios write them, in alphabetical order."""
    titles: tuple[str, ...]
    """The types as the log writes them."""
    request_class: Int
    reported_at: Int
    """By the clock on the wall, µs since 1970."""
    duration: Int
    """From report to closing, or to the end of the log, in elapsed µs; NONE where unknown."""
    outcome: Int
    """CLOSED, OPEN or UNKNOWN."""
    closed_at: Int
    """By elapsed time; NONE while open or where unknown."""
    due_in: Int
    """From report to the due time; NONE without one."""
    ids: tuple[str, ...]
    flags: tuple[bool | None, ...]
    """The city's own on-time flag; None without one."""
    until: int
    """End of the log in elapsed µs since 1970."""
    rows: int
    dropped: Mapping[str, int]
    untimed: Mapping[str, int]


class _Read(NamedTuple):
    """One kept row."""

    kind: str
    title: str
    created: Instant
    closed: Instant | None
    due: Instant | None
    outcome: int
    id: str
    flag: bool | None


def read_log(path: Path, columns: Columns, wish: Wish = Wish()) -> RequestLog:  # noqa: B008
    """The requests of a log, and what was left out.

    Parameters
    ----------
    path
        A CSV or JSON file.
    columns
        Its form.
    wish
        What to do with odd rows.

    Raises
    ------
    ScenarioError
        If columns are missing or cells cannot be read; every problem has file, line and column.
    """
    sheet = read_sheet(path, wish.encoding)
    reader = _Reader(sheet, columns, wish)
    kept = sorted(reader.rows(), key=lambda row: (row.created.elapsed, row.id))
    if reader.problems:
        raise ScenarioError(reader.problems)
    until = _until(reader)
    late = sum(row.created.elapsed > until for row in kept)
    reader.dropped["after_the_end"] += late
    kept = kept[: len(kept) - late]
    if not kept:
        dropped = ", ".join(f"{n} {reason}" for reason, n in reader.dropped.items()) or "–"
        raise ScenarioError([problem("log-nothing", sheet.file, 1, 1, dropped=dropped)])
    return _log(reader, kept, until)


def class_name(title: str) -> str:
    """A type of a log as the name of a class."""
    name = re.sub(r"[^\w]+", "_", title.strip().lower()).strip("_")[:60]
    return name if re.match(r"[^\W\d]", name) else f"type_{name}".rstrip("_")


class _Reader:
    """Goes through the rows once and counts what it leaves out."""

    def __init__(self, sheet: Sheet, columns: Columns, wish: Wish) -> None:
        self.sheet, self.columns, self.wish = sheet, columns, wish
        self.zone = zone_of(columns.zone, sheet.file)
        self.at = _places(sheet, columns)
        # One clock for each column: a form is fixed by the first cell of its own column.
        self.clocks = {name: Clock(columns.times, self.zone) for name in self.at}
        self.words = {
            state: {word.casefold() for word in getattr(columns.statuses, state)}
            for state in ("open", "closed", "cancelled", "duplicate")
        }
        self.found = {word.casefold() for word in columns.found}
        self.dropped: Counter[str] = Counter()
        self.untimed: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self.read = 0
        self.last: Instant | None = None
        self.whole_minutes = True
        self._seen: set[str] = set()

    def rows(self) -> Iterator[_Read]:
        for row in self.sheet.rows:
            self.read += 1
            found = self._row(row)
            if isinstance(found, str):
                self.dropped[found] += 1
            elif found is not None:
                yield found
            if len(self.problems) >= MOST:
                return

    def _row(self, row: Row) -> _Read | str | None:
        """The request of a row, the reason why it is dropped, or None where it is a mistake."""
        if len(row.cells) != len(self.sheet.header):
            return self._odd(
                row, 0, "log-cells", got=len(row.cells), wanted=len(self.sheet.header)
            )
        if self._is_again(row):
            return "duplicate"
        times: dict[str, Instant | None] = {}
        for name in ("created", "closed", "due", "updated"):
            try:
                times[name] = self._time(row, name)
            except TimeError as error:
                return self._wrong_time(row, name, error)
        self._note_last(times)
        return self._request(row, times)

    def _request(self, row: Row, times: dict[str, Instant | None]) -> _Read | str:
        created, title = times["created"], self._text(row, "type")
        status = self._text(row, "status").casefold()
        reason = self._reason(row, status, title, created)
        if reason or created is None:
            return reason or "no_report_time"
        closed, outcome = self._ending(status, times, created)
        kind, flag = class_name(title), self._text(row, "on_time")
        if self.wish.finds == "split" and self._is_find(row):
            kind, title = kind + FOUND, f"{title} ({self._text(row, 'channel')})"
        words = [word.casefold() for word in self.columns.on_time_words]
        return _Read(
            kind,
            title,
            created,
            closed,
            times["due"],
            outcome,
            self._text(row, "id"),
            flag.casefold() in words if flag else None,
        )

    def _reason(self, row: Row, status: str, title: str, created: Instant | None) -> str | None:
        """Why a row is not used; None where it is."""
        if status in self.words["duplicate"]:
            return "duplicate"
        if status in self.words["cancelled"] and not self.wish.keep_cancelled:
            return "cancelled"
        if not title:
            return "no_type"
        if created is None:
            return "no_report_time"
        if self.wish.finds == "drop" and self._is_find(row):
            return "found_by_workers"
        return None

    def _ending(
        self, status: str, times: dict[str, Instant | None], created: Instant
    ) -> tuple[Instant | None, int]:
        closed = times["closed"]
        is_closed = status in self.words["closed"]
        if closed is None and is_closed and self.columns.updated_is_closing:
            closed = times["updated"]
        if status in self.words["open"]:
            return None, OPEN
        if closed is None:
            if is_closed:
                self.untimed["closed_without_time"] += 1
                return None, UNKNOWN
            return None, OPEN
        if closed.elapsed < created.elapsed:
            self.untimed["closed_before_report"] += 1
            return None, UNKNOWN
        return closed, CLOSED

    def _is_again(self, row: Row) -> bool:
        """Whether a row with this number, or without one the very same row, came before."""
        key = self._text(row, "id") or "\x00".join(row.cells)
        if key in self._seen:
            return True
        self._seen.add(key)
        return False

    def _is_find(self, row: Row) -> bool:
        return self._text(row, "channel").casefold() in self.found

    def _text(self, row: Row, name: str) -> str:
        return row.cells[self.at[name]].strip() if name in self.at else ""

    def _time(self, row: Row, name: str) -> Instant | None:
        text = self._text(row, name)
        return self.clocks[name].read(text) if text else None

    def _note_last(self, times: Mapping[str, Instant | None]) -> None:
        """How far the log reaches: due times are promises and tell nothing."""
        for name in ("created", "closed", "updated"):
            moment = times[name]
            if moment is None:
                continue
            self.whole_minutes = self.whole_minutes and moment.whole_minute
            if self.last is None or moment.elapsed > self.last.elapsed:
                self.last = moment

    def _wrong_time(self, row: Row, name: str, error: TimeError) -> str | None:
        context: dict[str, Any] = {
            "text": self._text(row, name),
            "column_name": self.sheet.header[self.at[name]],
        }
        if error.this is not None:
            return self._odd(
                row, self.at[name], "log-times-mixed", this=error.this, first=error.first,
                **context,
            )  # fmt: skip
        forms = error.first or ", ".join(self.columns.times)
        return self._odd(row, self.at[name], "log-time", formats=forms, **context)

    def _odd(self, row: Row, cell: int, code: str, **context: Any) -> str | None:  # noqa: ANN401
        if self.wish.skip_unreadable:
            return "unreadable"
        self.problems.append(problem(code, self.sheet.file, *row.place(cell), **context))
        return None


def _places(sheet: Sheet, columns: Columns) -> dict[str, int]:
    """Where each column stands; headings are matched without case, blanks and underscores."""
    known: dict[str, int] = {}
    for place, name in enumerate(sheet.header):
        known.setdefault(_bare(name), place)
    found: dict[str, int] = {}
    problems = []
    for field in (
        "id",
        "created",
        "closed",
        "due",
        "updated",
        "status",
        "type",
        "channel",
        "on_time",
    ):
        wanted: Sequence[str] = getattr(columns, field) or ()
        there = [known[_bare(name)] for name in wanted if _bare(name) in known]
        if there:
            found[field] = there[0]
        elif field in ("created", "type") or (
            field == "closed" and wanted and not columns.updated_is_closing
        ):
            listed = ", ".join(name for name in sheet.header[:40])
            problems.append(
                problem(
                    "log-column", sheet.file, sheet.line, 1,
                    wanted=" / ".join(wanted), meaning=field, found=listed,
                )
            )  # fmt: skip
    if problems:
        raise ScenarioError(problems)
    return found


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _log(reader: _Reader, kept: Sequence[_Read], until: int) -> RequestLog:
    titles: dict[str, str] = {}
    for row in kept:
        titles.setdefault(row.kind, row.title)
    names = tuple(sorted(titles))
    number = {name: place for place, name in enumerate(names)}
    begin = np.array([row.created.elapsed for row in kept], np.int64)
    end = np.array([NONE if row.closed is None else row.closed.elapsed for row in kept])
    due = np.array([NONE if row.due is None else row.due.elapsed for row in kept], np.int64)
    if reader.columns.due_is_day:
        due = np.where(due == NONE, NONE, due + DAY - 1)
    outcome = np.array([row.outcome for row in kept], np.int64)
    # A closing after the day to which the log is said to reach has not happened yet.
    outcome[(outcome == CLOSED) & (end > until)] = OPEN
    seen = np.where(outcome == CLOSED, end, until) - begin
    return RequestLog(
        file=reader.sheet.file,
        zone=reader.columns.zone,
        tick=60_000_000 if reader.whole_minutes else 1_000_000,
        classes=names,
        titles=tuple(titles[name] for name in names),
        request_class=np.array([number[row.kind] for row in kept], np.int64),
        reported_at=np.array([row.created.wall for row in kept], np.int64),
        duration=np.where(outcome == UNKNOWN, NONE, np.maximum(seen, 0)),
        outcome=outcome,
        closed_at=np.where(outcome == CLOSED, end, NONE),
        due_in=np.where(due == NONE, NONE, due - begin),
        ids=tuple(row.id for row in kept),
        flags=tuple(row.flag for row in kept),
        until=until,
        rows=reader.read,
        dropped={name: reader.dropped[name] for name in DROPPED if reader.dropped[name]},
        untimed={name: reader.untimed[name] for name in UNTIMED if reader.untimed[name]},
    )


def _until(reader: _Reader) -> int:
    if reader.wish.until is not None:
        forms = tuple(dict.fromkeys(("iso", *reader.columns.times)))
        try:
            return Clock(forms, reader.zone).read(reader.wish.until).elapsed
        except TimeError:
            raise ScenarioError(
                [
                    problem(
                        "log-time", "--until", text=reader.wish.until,
                        formats=", ".join(forms), column_name="--until",
                    )
                ]
            ) from None  # fmt: skip
    return reader.last.elapsed if reader.last is not None else 0

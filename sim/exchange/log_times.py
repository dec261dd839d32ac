"""Times of a log: one form in each column, wall clock and elapsed time kept apart.

Arrivals follow the clock on the wall, so profiles are taken from local time. Durations follow
elapsed time, so that a night on which the clocks change is neither longer nor shorter than it
was.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sim.errors import ScenarioError
from sim.exchange.log_problems import problem
from sim.model.columns import ISO

_EPOCH: Final = datetime(1970, 1, 1)
_MICROSECOND: Final = timedelta(microseconds=1)


class Instant(NamedTuple):
    """One moment, in µs since 1970."""

    wall: int
    """As the clock on the wall showed it."""
    elapsed: int
    """As time passed (UTC where a zone or an offset is known)."""
    whole_minute: bool


class TimeError(ValueError):
    """A text that is no time of the form that its column began with."""

    def __init__(self, this: str | None, first: str | None) -> None:
        super().__init__(this, first)
        self.this, self.first = this, first


def zone_of(name: str | None, file: str) -> ZoneInfo | None:
    """The time zone of that name, or a `ScenarioError`."""
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ScenarioError([problem("log-zone", file, zone=name)]) from None


class Clock:
    """Reads the times of one column, in the form that its first cell has."""

    def __init__(self, forms: Sequence[str], zone: ZoneInfo | None) -> None:
        self.forms, self.zone = tuple(forms), zone
        self.form: str | None = None
        self._known: dict[str, Instant] = {}

    def read(self, text: str) -> Instant:
        """The moment that a cell means.

        Raises
        ------
        TimeError
            If it has no known form, or another than the first cell.
        """
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self._instant(self._parsed(text))
        return found

    def _parsed(self, text: str) -> datetime:
        if self.form is not None:
            found = _parse(text, self.form)
            if found is not None:
                return found
        for form in self.forms:
            found = _parse(text, form)
            if found is not None:
                if self.form is None:
                    self.form = form
                    return found
                raise TimeError(form, self.form)
        raise TimeError(None, self.form)

    def _instant(self, moment: datetime) -> Instant:
        if moment.tzinfo is not None:
            passed = moment.astimezone(UTC).replace(tzinfo=None)
            local = moment.astimezone(self.zone) if self.zone is not None else moment
            wall = local.replace(tzinfo=None)
        else:
            wall = moment
            passed = moment
            if self.zone is not None:
                there = moment.replace(tzinfo=self.zone)
                passed = there.astimezone(UTC).replace(tzinfo=None)
        whole = not (wall.second or wall.microsecond)
        return Instant(_micros(wall), _micros(passed), whole)


def _parse(text: str, form: str) -> datetime | None:
    try:
        if form == ISO:
            # Bare digits are more likely a number than a date.
            return datetime.fromisoformat(text) if "-" in text else None
        return datetime.strptime(text, form)
    except ValueError:
        return None


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND

"""Demand drawn in compiled loops: all arrivals of a source, and who raises each request.

They are what `sim.demand.arrivals` and `sim.demand.trace` say by operations on whole arrays,
with the same keys and the same arithmetic in the same order, but nothing is kept of a request
that is not in the trace. The array operations are the definition, and a test holds the loops
to them.
"""

from functools import cache
from math import floor
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.compiling import FLOATS, INTS, TABLE, WORDS, Loop, compiled, part, told
from sim.demand.arrivals import FACTOR_UNITS
from sim.demand.compiled import key_of, uniform
from sim.demand.gaps import ONE, gap_of
from sim.demand.homes import NOBODY
from sim.demand.purposes import Purpose
from sim.demand.streams import uniform64
from sim.keys import subkey
from sim.plan.tables import index_below, sample

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Words = NDArray[np.uint64]

SOURCE, CLASS, TURNS, MEMBERS, SHOPS, NUMBERED, FIRST, LAST, COUNT, TURN, STRIDE = range(11)
"""Columns of what is known of a stream, a source at one of its places: its source and class;
whether households take turns and whether members raise its requests; whether shops are counted,
and whether anybody is; first leaf and last; how many live there; whose turn is first, and how
far it is to the next."""
WIDTH: Final = 11

_NEAR: Final = 24
"""Stretches that are looked at one by one before the others are halved."""
_LEVELS: Final = np.uint64(Purpose.LEVEL)
_HOUSEHOLDS: Final = np.uint64(Purpose.HOUSEHOLD)
_DISPERSED: Final = np.uint64(Purpose.OVERDISPERSION)
_gap = part(gap_of)
_sample = part(sample)
_index_below = part(index_below)


def _last_below(grown: "Ints | Floats", first: int, beyond: int, reached: float) -> int:
    """The last number from `first` on, below `beyond`, with what has grown at or below this."""
    while beyond - first > 1:
        middle = (first + beyond) >> 1
        if grown[middle] <= reached:
            first = middle
        else:
            beyond = middle
    return first


_last = part(_last_below)


def _stretch(grown: "Floats", at: int, reached: float) -> int:
    """The last stretch that begins at or below what is reached: not far from `at`, mostly."""
    far = at + _NEAR
    while at < far and grown[at + 1] <= reached:
        at += 1
    return at if at < far else _last(grown, at, len(grown) - 1, reached)


def _settle(reports: "Ints") -> None:
    """Bring reports into order of time that are so but for few places; the others stay."""
    for n in range(1, len(reports)):
        time, row, ordinal = reports[n, 0], reports[n, 1], reports[n, 2]
        at = n
        while at > 0 and reports[at - 1, 0] > time:
            reports[at, 0], reports[at, 1] = reports[at - 1, 0], reports[at - 1, 1]
            reports[at, 2] = reports[at - 1, 2]
            at -= 1
        if at < n:
            reports[at, 0], reports[at, 1], reports[at, 2] = time, row, ordinal


_settle_all = part(_settle)
_stretch_of = part(_stretch)


@cache
def fill_arrivals() -> Loop:
    """All arrivals of a source in places that share a profile.

    Parameters of the loop
    ----------------------
    keys
        Key words and purpose of the gaps.
    frame
        Tick, end of the run, and the length of an octave of gaps.
    gaps
        `gap_table`.
    streams, days, counted, places
        By place: subjects of the gaps and of the daily factors, the number that the rate is
        multiplied by, and the number of the place.
    law
        Table of the daily factors; empty without them.
    edge, day, base
        Borders of the stretches of constant rate, civil day and rate of each.
    rate, grown
        Room for the rate, and for the integrated rate, of one place.
    found
        [3, room] time, place and ordinal of the arrivals.
    first
        The place to begin with.

    Returns
    -------
    The place to begin with next, since there was no room for all of its arrivals (the number
    of places: none), and how many arrivals were found.
    """
    version = told(globals(), uniform64, gap_of, sample, _stretch, _last_below)

    def fill(  # noqa: PLR0913, PLR0917 - one pass, as a compiler likes it
        keys: tuple[int, int, int],
        frame: tuple[int, int, int],
        gaps: "Ints",
        streams: "Words",
        days: "Words",
        counted: "Floats",
        places: "Ints",
        law: "Ints",
        edge: "Ints",
        day: "Ints",
        base: "Floats",
        rate: "Floats",
        grown: "Floats",
        found: "Ints",
        first: int,
    ) -> tuple[int, int]:
        version  # noqa: B018 - part of the cache's key because it is in the closure
        key0, key1, purpose = keys
        tick, end, octave = frame
        start, fall = gaps[0], gaps[1]
        n = 0
        for place in range(first, streams.size):
            if law.size > 0 or place == first:
                factor, today, height = 1.0, -1, 0.0
                for at in range(rate.size):
                    if law.size > 0 and day[at] != today:
                        today = day[at]
                        word = uniform(key0, key1, _DISPERSED, days[place], np.uint64(today))
                        factor = _sample(law, word) / FACTOR_UNITS
                    rate[at] = pace = base[at] * factor
                    height += pace * (edge[at + 1] - edge[at])
                    grown[at + 1] = height
            begin, total, at, ordinal = n, 0, 0, 0
            while True:
                word = uniform(key0, key1, purpose, streams[place], np.uint64(ordinal))
                total += _gap(np.int64(word >> np.uint64(12)), start, fall, octave)
                reached = total / ONE / counted[place]
                if not reached < grown[rate.size]:
                    break
                if n == found.shape[1]:
                    return place, begin
                at = _stretch_of(grown, at, reached)
                time = edge[at] + (reached - grown[at]) / rate[at]
                instant = floor(time / tick + 0.5) * tick
                if instant < end:
                    found[0, n], found[1, n], found[2, n] = instant, places[place], ordinal
                    n += 1
                ordinal += 1
        return streams.size, n

    return compiled(
        f"UniTuple(int64, 2)(UniTuple(uint64, 3), UniTuple(int64, 3), {TABLE}, {WORDS},"
        f" {WORDS}, {FLOATS}, {INTS}, {INTS}, {INTS}, {INTS}, {FLOATS}, float64[::1],"
        " float64[::1], int64[:, ::1], int64)",
        fill,
    )


@cache
def scatter() -> Loop:
    """Reports of a source counted by stretch of time, or brought to their stretch.

    Parameters of the loop
    ----------------------
    reported_at, place, ordinal
        The reports.
    row
        By place the number of its stream.
    width
        Binary digits of the length of a stretch.
    heads
        [stretches + 2] counts of the reports of the stretch before, or where the next report
        of a stretch goes, one further on.
    found
        [requests, 3] time, stream and ordinal of all reports; without a row only to count.
    """
    version = told(globals())

    def bring(  # noqa: PLR0917 - one pass, as a compiler likes it
        reported_at: "Ints",
        place: "Ints",
        ordinal: "Ints",
        row: "Ints",
        width: int,
        heads: "Ints",
        found: "Ints",
    ) -> None:
        version  # noqa: B018 - as above
        is_counting = len(found) == 0
        for report in range(reported_at.size):
            stretch = (reported_at[report] >> width) + 1
            at = heads[stretch]
            heads[stretch] = at + 1
            if not is_counting:
                found[at, 0], found[at, 1] = reported_at[report], row[place[report]]
                found[at, 2] = ordinal[report]

    return compiled(
        f"void({INTS}, {INTS}, {INTS}, {INTS}, int64, int64[::1], int64[:, ::1])", bring
    )


@cache
def fill_requests() -> Loop:
    """The columns of all requests in order of number.

    Parameters of the loop
    ----------------------
    keys
        Key words.
    reports
        [requests, 3] time, stream and ordinal (or member) of each report, almost in order.
    about, streams
        What is known of each stream, and its key.
    begin, leaf_place
        Households, and shops, before each leaf; and the place of each.
    level_ptr, level, share
        Closing levels of the classes and their thresholds.
    found, key
        [7, requests] all columns but the keys; and these.
    """
    version = told(globals(), uniform64, subkey, index_below, _last_below, _settle)

    def fill(  # noqa: PLR0913, PLR0917 - one pass, as a compiler likes it
        keys: tuple[int, int],
        reports: "Ints",
        about: "Ints",
        streams: "Words",
        begin: "Ints",
        leaf_place: "Ints",
        level_ptr: "Ints",
        levels: "Ints",
        share: "Words",
        found: "Ints",
        key: "Words",
    ) -> None:
        version  # noqa: B018 - as above
        key0, key1 = keys
        none = np.uint64(0)
        _settle_all(reports)
        for n in range(len(reports)):
            row, ordinal = reports[n, 1], reports[n, 2]
            stream = about[row]
            subject = key_of(streams[row], np.uint64(ordinal))
            count, number = stream[COUNT], 0
            if stream[TURNS] == 1:
                turn = stream[TURN] + ordinal * stream[STRIDE]
                number = turn % count if count > 0 else 0
            elif count > 1:
                word = uniform(key0, key1, _HOUSEHOLDS, subject, none)
                number = _index_below(count, np.int64(word))
            leaf, household = stream[FIRST], NOBODY
            if count > 0:
                homes = begin[stream[SHOPS]]
                leaf = _last(homes, leaf, stream[LAST], homes[leaf] + number)
                if stream[NUMBERED] == 1:
                    household = number
            if stream[MEMBERS] == 1:
                subject = key_of(subject, none)
                household, ordinal = ordinal, 0
            level, first, last = -1, level_ptr[stream[CLASS]], level_ptr[stream[CLASS] + 1]
            if last > first:
                shifted = uniform(key0, key1, _LEVELS, subject, none) >> np.uint64(2)
                while shifted >= share[first]:
                    first += 1
                level = levels[first]
            found[0, n], found[1, n] = reports[n, 0], stream[CLASS]
            found[2, n] = stream[SOURCE]
            found[3, n], found[4, n], found[5, n] = leaf_place[leaf], household, level
            found[6, n] = ordinal
            key[n] = subject

    return compiled(
        f"void(UniTuple(uint64, 2), int64[:, ::1], {TABLE}, {WORDS}, {TABLE},"
        f" {INTS}, {INTS}, {INTS}, {WORDS}, int64[:, ::1], uint64[::1])",
        fill,
    )

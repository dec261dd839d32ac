"""The calendar of events, in order of (time, phase, subject, ordinal).

It is a binary heap of two words: the time, and the rest of the key packed. `build` refuses
plans whose numbers do not fit. Only the near future stands in the heap. What is further off
lies unordered in the bucket of its time, one list each, and enters the heap when its bucket is
opened; so the heap is small and stays in the cache, and timers that were disarmed by then never
enter it. Ordinals only tell apart what can be due at one instant for one subject; whether an
entry still counts is seen by its time, since each subject knows when it is due. An entry out of
date can stand in for the valid one of the same key only when both are due at the same instant,
and then the effect is the same.

**Memory asked for beforehand.** In a large city most of what an event needs was last used days
ago and has left the cache, and each event would wait for it several times, one address leading
to the next. But the calendar knows what happens next. So each event takes one step along the
buckets that open next (`look_ahead`) and asks for the worker, or the slot, of the occurrence
there; when a bucket opens, what its requests have in their slots is asked for. All of it is
near when its event comes. Nothing that is played depends on it.
"""

from typing import Final

from sim.engine.fast.codes import PHASE_END, PHASE_RETURN, PHASE_TIMER
from sim.engine.fast.jit import Handle, fetch, jit
from sim.engine.fast.state import (
    alarms,
    buckets,
    clock,
    events,
    far,
    joints,
    lives,
    slot_of,
    visits,
    workers,
)

PHASE_AT: Final = 58
SUBJECT_AT: Final = 24
SUBJECT_BITS: Final = PHASE_AT - SUBJECT_AT
SUBJECT_MASK: Final = (1 << SUBJECT_BITS) - 1
ORDINAL_MASK: Final = (1 << SUBJECT_AT) - 1
MANY: Final = 4096
"""Entries far off from which memory is asked for: with fewer, all of it is near anyway."""
DEPTH: Final = 3
"""How many buckets ahead memory is asked for."""


@jit
def push(w: Handle, time: int, phase: int, subject: int, ordinal: int) -> None:
    """Enter an occurrence; what lies at or beyond the end never happens."""
    c = clock(w)[0]
    if time >= c.end:
        return
    key = phase << PHASE_AT | subject << SUBJECT_AT | ordinal
    if time < c.edge:
        _enter(w, time, key)
        return
    at = c.spare
    if at < 0:
        c.overflow = 1
        return
    entry = far(w)[at]
    c.spare = entry.after
    c.n_far += 1
    entry.time = time
    entry.key = key
    entry.after = buckets(w)[time >> c.width]
    buckets(w)[time >> c.width] = at


@jit
def come_near(w: Handle, arrival: int) -> None:
    """Fill an empty heap, unless an arrival comes before everything in the buckets."""
    c = clock(w)[0]
    while c.n_events == 0 and c.n_far > 0 and arrival >= c.edge:
        _open_bucket(w)


@jit
def _open_bucket(w: Handle) -> None:
    """Let the occurrences of the next bucket enter the heap, those that still count."""
    c = clock(w)[0]
    c.bucket += 1
    c.edge = (c.bucket + 1) << c.width
    at = buckets(w)[c.bucket]
    if c.ahead_bucket <= c.bucket:  # its entries are about to be spare
        c.ahead_bucket = c.bucket
        c.ahead = -1
    while at >= 0:
        entry = far(w)[at]
        following = entry.after
        if not _is_void(w, entry.time, entry.key):
            _enter(w, entry.time, entry.key)
            if c.n_far >= MANY:
                _ask_for_request(w, entry.key)
        entry.after = c.spare
        c.spare = at
        c.n_far -= 1
        at = following


@jit
def look_ahead(w: Handle) -> None:
    """Take one more step along the buckets that open next, and ask for what follows from it."""
    c = clock(w)[0]
    if c.n_far < MANY:
        return
    at = c.ahead
    if at < 0:
        if c.ahead_bucket < c.bucket + DEPTH and c.ahead_bucket + 1 < len(buckets(w)):
            c.ahead_bucket += 1
            c.ahead = buckets(w)[c.ahead_bucket]
            fetch(far(w), c.ahead)
        return
    entry = far(w)[at]
    c.ahead = entry.after
    fetch(far(w), entry.after)
    subject = (entry.key >> SUBJECT_AT) & SUBJECT_MASK
    if entry.key >> PHASE_AT == PHASE_END:
        fetch(workers(w), subject)
    else:
        fetch(slot_of(w), subject)


@jit
def _ask_for_request(w: Handle, key: int) -> None:
    """Ask for what is known of the request that an occurrence is about, if it is about one."""
    phase = key >> PHASE_AT
    subject = (key >> SUBJECT_AT) & SUBJECT_MASK
    slot = -1
    if phase == PHASE_END:
        slot = int(workers(w)[subject].task)
    elif phase in (PHASE_RETURN, PHASE_TIMER):
        slot = int(slot_of(w)[subject])
    if slot >= 0:
        fetch(lives(w), slot)
        fetch(visits(w), slot)
        fetch(alarms(w), slot)


@jit
def _is_void(w: Handle, time: int, key: int) -> bool:
    """Whether this is a timer that was disarmed or set anew; setting enters it once more."""
    if key >> PHASE_AT != PHASE_TIMER:
        return False
    slot = slot_of(w)[(key >> SUBJECT_AT) & SUBJECT_MASK]
    if slot < 0:
        return True
    if clock(w)[0].n_joins > 0 and joints(w)[slot].gathers != 0:
        return False  # it may be the patience of a joint task, which has no alarm
    if key & ORDINAL_MASK >= alarms(w).shape[1]:
        return True
    alarm = alarms(w)[slot, key & ORDINAL_MASK]
    return bool(alarm.armed == 0 or alarm.due != time)


@jit
def _enter(w: Handle, time: int, key: int) -> None:
    """Put an occurrence into the heap."""
    c = clock(w)[0]
    heap = events(w)
    at = c.n_events
    if at >= len(heap):
        c.overflow = 1
        return
    c.n_events = at + 1
    while at > 0:
        above = heap[(at - 1) >> 1]
        if above.time < time or (above.time == time and above.key <= key):
            break
        heap[at].time = above.time
        heap[at].key = above.key
        at = (at - 1) >> 1
    heap[at].time = time
    heap[at].key = key


@jit
def pop(w: Handle) -> None:
    """Drop the first occurrence of the calendar."""
    c = clock(w)[0]
    heap = events(w)
    n = c.n_events - 1
    c.n_events = n
    time = heap[n].time
    key = heap[n].key
    at = 0
    below = 1
    while below < n:
        if below + 1 < n:
            left = heap[below]
            right = heap[below + 1]
            if right.time < left.time or (right.time == left.time and right.key < left.key):
                below += 1
        least = heap[below]
        if time < least.time or (time == least.time and key <= least.key):
            break
        heap[at].time = least.time
        heap[at].key = least.key
        at = below
        below = 2 * at + 1
    heap[at].time = time
    heap[at].key = key

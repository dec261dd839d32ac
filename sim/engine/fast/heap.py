"""The two orders: the calendar's (time, phase, subject, ordinal), and that of who waits.

The calendar is a binary heap of two words: the time, and the rest of the key packed. `build`
refuses plans whose numbers do not fit. Only the near future stands in it. What is further off
lies unordered in the bucket of its time, one list each, and enters the heap when its bucket is
opened; so the heap is small and stays in the cache, and timers that were disarmed by then never
enter it. Ordinals only tell apart what can be due at one instant for one subject; whether an
entry still counts is seen by its time, since each subject knows when it is due. An entry out of
date can stand in for the valid one of the same key only when both are due at the same instant,
and then the effect is the same.

Who waits (tasks in a line, idle workers in a pool) stands in a pairing heap, whose nodes lie in
one table with links: entering is one comparison, and whoever is taken out leaves no trace.

Reference: Fredman, Sedgewick, Sleator and Tarjan, "The pairing heap: a new form of
self-adjusting heap", Algorithmica 1 (1986).
"""

from typing import Final

from sim.engine.fast.codes import PHASE_TIMER
from sim.engine.fast.jit import Handle, Records, jit
from sim.engine.fast.state import alarms, buckets, clock, events, far, joints, slot_of

PHASE_AT: Final = 58
SUBJECT_AT: Final = 24
SUBJECT_BITS: Final = PHASE_AT - SUBJECT_AT
SUBJECT_MASK: Final = (1 << SUBJECT_BITS) - 1
ORDINAL_MASK: Final = (1 << SUBJECT_AT) - 1


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
    while at >= 0:
        entry = far(w)[at]
        following = entry.after
        if not _is_void(w, entry.time, entry.key):
            _enter(w, entry.time, entry.key)
        entry.after = c.spare
        c.spare = at
        c.n_far -= 1
        at = following


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


@jit
def meld(nodes: Records, one: int, other: int) -> int:
    """Join two heaps, given by their first nodes (-1: empty); the first of both."""
    if one < 0:
        return other
    if other < 0:
        return one
    a = nodes[one]
    b = nodes[other]
    first = a.major < b.major or (
        a.major == b.major
        and (a.minor < b.minor or (a.minor == b.minor and a.number < b.number))
    )
    up, down = (one, other) if first else (other, one)
    child = nodes[up].child
    nodes[down].after = child
    nodes[down].before = up
    if child >= 0:
        nodes[child].before = down
    nodes[up].child = down
    nodes[up].after = -1
    nodes[up].before = -1
    return up


@jit
def insert(nodes: Records, root: int, node: int, major: int, minor: int, number: int) -> int:
    """Put a node into a heap in order of (major, minor, number); the new first node."""
    new = nodes[node]
    new.major = major
    new.minor = minor
    new.number = number
    new.child = -1
    new.after = -1
    new.before = -1
    return meld(nodes, root, node)


@jit
def _gather(nodes: Records, first: int) -> int:
    """Join a list of heaps: in pairs on the way out, all together on the way back."""
    pairs = -1
    while first >= 0:
        second = nodes[first].after
        rest = nodes[second].after if second >= 0 else -1
        pair = meld(nodes, first, second)
        nodes[pair].after = pairs
        pairs = pair
        first = rest
    root = -1
    while pairs >= 0:
        rest = nodes[pairs].after
        root = meld(nodes, root, pairs)
        pairs = rest
    if root >= 0:
        nodes[root].after = -1
        nodes[root].before = -1
    return root


@jit
def remove(nodes: Records, root: int, node: int) -> int:
    """Take a node out of its heap; the new first node."""
    below = _gather(nodes, nodes[node].child)
    nodes[node].child = -1
    if node == root:
        return below
    before = nodes[node].before
    after = nodes[node].after
    if nodes[before].child == node:
        nodes[before].child = after
    else:
        nodes[before].after = after
    if after >= 0:
        nodes[after].before = before
    return meld(nodes, root, below)

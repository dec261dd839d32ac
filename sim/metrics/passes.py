"""The passes over a long log, compiled; `sim.metrics.compiled` says what they are for."""

from functools import cache
from typing import Final

from sim.compiling import INTS, SMALL, TABLE, TINY, Loop, compiled, part, told
from sim.metrics.compiled import FIELDS
from sim.metrics.rows import Ints
from sim.plan.codes import Channel, Code, TimerStart

_AT: Final = {name: at for at, name in enumerate(FIELDS)}
_FIRST_NUMBER, _FIRST_PART = _AT["entries"], _AT["waiting"]
_MODE, _DISPATCH, _START, _CLOSING = 0, 1, 2, 3
_CLOSED, _LEFT, _LIMIT, _VERDICT, _FINAL = 4, 5, 6, 7, 8
_LEFT_EARLY, _EXIT, _DUE, _MUST = (
    _AT[name] for name in ("left_early", "exit_at", "due_at", "must_close_by")
)
_PART, _BASE, _SINCE = 0, 1, 2
"""What a request is in, what it would be in if it were not held, and since when."""
_ARRIVAL, _ENTRY, _BEGIN = int(Code.ARRIVAL), int(Code.ENTRY), int(Code.START)
_CLOSE, _REWORK, _LEAVE = int(Code.CLOSE), int(Code.REWORK), int(Code.LEAVE)
_JUDGED, _MARK, _CONTACT = int(Code.VERDICT), int(Code.MARK), int(Code.CONTACT)
_HOLD, _RELEASE = int(Code.HOLD), int(Code.RELEASE)
_AT_DISPATCH, _AT_START = int(TimerStart.DISPATCH), int(TimerStart.ACCEPTANCE)
_HOTLINE, _PETITION, _REPEAT = (
    int(Channel.HOTLINE),
    int(Channel.PETITION),
    int(Channel.REPEAT),
)


def _after(  # noqa: PLR0917 - called for each request
    on: Ints, off: Ints, passed: Ints, first: int, last: int, since: int, amount: int
) -> int:
    """`sim.metrics.deadlines.after` on the stretches of one calendar; -1 for never."""
    low, high = first, last
    while low < high:
        middle = (low + high) >> 1
        if off[middle] <= since:
            low = middle + 1
        else:
            high = middle
    entry = low
    target: int = passed[entry] + amount
    if entry < last and since > on[entry]:
        target += since - on[entry]
    done = target - amount
    high = last
    while low < high:
        middle = (low + high) >> 1
        if passed[middle + 1] < target:
            low = middle + 1
        else:
            high = middle
    if low == last:
        return -1
    begun: int = passed[low] if passed[low] > done else done
    entered: int = on[low] if on[low] > since else since
    return entered + target - begun


_after_on = part(_after)


@cache
def find() -> Loop:
    """Note the rows with wanted codes, and say how many there are."""
    version = told(globals())

    def run(codes: Ints, is_wanted: Ints, rows: Ints) -> int:
        version  # noqa: B018 - part of the cache's key because it is in the closure
        found = 0
        for row in range(len(codes)):
            rows[found] = row  # without a branch: the next one overwrites it
            found += is_wanted[codes[row]]
        return found

    return compiled(f"int64({TINY}, {INTS}, int64[::1])", run)


@cache
def add_up() -> Loop:
    """Add the counts of pairs to a table; False where a value is not a multiple of the unit."""
    version = told(globals())

    def run(  # noqa: PLR0917 - one pass, as a compiler likes it
        cell: Ints, value: Ints, times: Ints, place: Ints, unit: int, span: int, table: Ints
    ) -> bool:
        version  # noqa: B018 - as above
        for pair in range(len(cell)):
            tick = value[pair] // unit
            if tick * unit != value[pair]:
                return False
            at = place[cell[pair]] * span + tick
            table[at, 0] += 1
            table[at, 1] += times[pair]
        return True

    rows = ", ".join([INTS] * 4)
    return compiled(f"boolean({rows}, int64, int64, int64[:, ::1])", run)


@cache
def look() -> Loop:  # noqa: C901, PLR0915 - it holds the pass
    """Take in all rows."""
    version = told(globals())

    def run(  # noqa: C901, PLR0912, PLR0913, PLR0917 - one pass, as a compiler likes it
        time: Ints,
        codes: Ints,
        request: Ints,
        ordinal: Ints,
        mode: Ints,
        amount: Ints,
        part_after: Ints,
        counted: Ints,
        state: Ints,
        now: Ints,
    ) -> None:
        version  # noqa: B018 - part of the cache's key because it is in the closure
        for row in range(len(time)):
            r = request[row]
            if r < 0:
                continue
            code, at = codes[row], time[row]
            if counted[code] >= 0:
                state[counted[code], r] += 1
            part = part_after[code]
            if part >= 0:
                if now[r, _PART] >= 0:
                    state[_FIRST_PART + now[r, _PART], r] += at - now[r, _SINCE]
                if code == _RELEASE:
                    part = now[r, _BASE]
                elif code != _HOLD:
                    now[r, _BASE] = part
                now[r, _PART] = part
                now[r, _SINCE] = at
            if code == _ENTRY:
                if state[_DISPATCH, r] < 0:
                    state[_DISPATCH, r] = at
            elif code == _BEGIN:
                if state[_START, r] < 0:
                    state[_START, r] = at
            elif code == _ARRIVAL:
                state[_MODE, r] = mode[row]
            elif code == _CLOSE:
                if state[_CLOSING, r] < 0:
                    state[_CLOSING, r] = at
                state[_CLOSED, r] = at
                state[_FINAL, r] = -1
            elif code == _REWORK:
                state[_CLOSED, r] = -1
            elif code == _JUDGED:
                state[_VERDICT, r] = amount[row]
                state[_FINAL, r] = amount[row]
            elif code == _LEAVE:
                state[_LEFT, r] = at
            elif code == _MARK:
                if ordinal[row] == -1 and state[_LIMIT, r] < 0:
                    state[_LIMIT, r] = at
            elif code == _CONTACT:
                if amount[row] == _HOTLINE:
                    state[_FIRST_NUMBER + 4, r] += 1
                elif amount[row] == _PETITION:
                    state[_FIRST_NUMBER + 5, r] += 1
                elif amount[row] == _REPEAT:
                    state[_FIRST_NUMBER + 6, r] += 1

    columns = ", ".join([INTS, TINY, SMALL, SMALL, TINY, INTS, INTS, INTS])
    return compiled(f"void({columns}, int64[:, ::1], int64[:, ::1])", run)


@cache
def end() -> Loop:  # noqa: C901 - as above
    """When each request was gone and was due, and its last part up to then."""
    version = told(globals(), _after)

    def run(  # noqa: PLR0913, PLR0917 - as above
        reported: Ints,
        request_class: Ints,
        limit: Ints,
        clock: Ints,
        start: Ints,
        ptr: Ints,
        on: Ints,
        off: Ints,
        passed: Ints,
        over: int,
        state: Ints,
        now: Ints,
    ) -> None:
        version  # noqa: B018 - as above
        for r in range(len(reported)):
            closed, left = state[_CLOSED, r], state[_LEFT, r]
            exit_at = over if left < 0 else left
            if closed >= 0:
                exit_at, left = closed, -1
            else:
                state[_FINAL, r] = -1
            state[_LEFT_EARLY, r], state[_EXIT, r] = left, exit_at
            rest = exit_at - now[r, _SINCE]
            if now[r, _PART] >= 0 and rest > 0:
                state[_FIRST_PART + now[r, _PART], r] += rest
            due = must = -1
            mode, kind = state[_MODE, r], request_class[r]
            if mode >= 0 and limit[mode, kind] >= 0:
                amount, group = limit[mode, kind], clock[mode, kind]
                since = must = reported[r]
                if start[kind] == _AT_DISPATCH and state[_DISPATCH, r] >= 0:
                    since = state[_DISPATCH, r]
                elif start[kind] == _AT_START and state[_START, r] >= 0:
                    since = state[_START, r]
                if group < 0:
                    must += amount
                    due = since + amount
                else:
                    a, b = ptr[group], ptr[group + 1]
                    must = _after_on(on, off, passed, a, b, must, amount)
                    must = over if must < 0 else must
                    due = must
                    if since != reported[r]:
                        due = _after_on(on, off, passed, a, b, since, amount)
                        due = over if due < 0 else due
                marked = state[_LIMIT, r]
                if marked >= 0:
                    due = marked
                    must = marked if marked < must else must
                else:
                    seen = state[_CLOSING, r]
                    seen = seen if seen >= 0 else exit_at
                    due = seen if seen > due else due
            state[_DUE, r], state[_MUST, r] = due, must

    signature = f"void({INTS}, {INTS}, {TABLE}, {TABLE}, {', '.join([INTS] * 5)}, int64"
    return compiled(f"{signature}, int64[:, ::1], int64[:, ::1])", run)

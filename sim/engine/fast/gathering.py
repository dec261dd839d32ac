"""Gathering: whether enough members of a joint task are free at one instant, and who they are.

Nobody is reserved: a joint task that waits is looked at when a line answers, when a worker asks
for work, and after a mode has changed. Those that wait stand in a list, in order of (priority,
since, request).
"""

from sim.engine.fast.codes import SUSPEND_HOLD
from sim.engine.fast.dispatch import find_task, is_idle, serves_line
from sim.engine.fast.jit import Handle, jit
from sim.engine.fast.parts import stop_gathering
from sim.engine.fast.state import (
    answers,
    choices,
    class_modes,
    clock,
    joins,
    joints,
    lines,
    lives,
    places,
    pools,
    seats,
    servers,
    workers,
)


@jit
def start_gathering(w: Handle, slot: int) -> None:
    """Put a joint task where it belongs in the list."""
    c = clock(w)[0]
    left = c.last_gathering
    while left >= 0 and _comes_before(w, slot, left):
        left = joints(w)[left].left
    joint = joints(w)[slot]
    joint.gathers = 1
    c.gathering += 1
    joint.left = left
    if left >= 0:
        joint.right = joints(w)[left].right
        joints(w)[left].right = slot
    else:
        joint.right = c.first_gathering
        c.first_gathering = slot
    if joint.right >= 0:
        joints(w)[joint.right].left = slot
    else:
        c.last_gathering = slot


@jit
def _comes_before(w: Handle, one: int, other: int) -> bool:
    a = lives(w)[one]
    b = lives(w)[other]
    if a.priority != b.priority:
        return bool(a.priority < b.priority)
    if joints(w)[one].since != joints(w)[other].since:
        return bool(joints(w)[one].since < joints(w)[other].since)
    return bool(a.number < b.number)


@jit
def move_in_list(w: Handle, slot: int) -> None:
    """Move a joint task to where its request's present priority puts it."""
    if joints(w)[slot].gathers != 0:
        stop_gathering(w, slot)
        start_gathering(w, slot)


@jit
def wants(w: Handle, slot: int, worker: int) -> bool:
    """Whether the worker could take part in the joint task."""
    pool = workers(w)[worker].pool
    for part in range(answers(w).shape[1]):
        line = answers(w)[slot, part].line
        if line >= 0 and serves_line(w, pool, line):
            return True
    return False


@jit
def find_members(w: Handle, slot: int) -> bool:
    """Whether the joint task can begin now; then each member is told its part (`member`)."""
    joint = joints(w)[slot]
    life = lives(w)[slot]
    lines_called = joins(w)[joint.number].last - joins(w)[joint.number].first
    present = 0
    for part in range(lines_called):
        seats(w)[part].count = 0
        if answers(w)[slot, part].line >= 0:
            present += 1
    if joint.is_closing != 0 or present < joint.need:
        return False
    settings = class_modes(w)[places(w)[life.place].mode, life.request_class]
    if settings.suspended == SUSPEND_HOLD:
        return False
    for part in range(lines_called):
        line = answers(w)[slot, part].line
        if line >= 0:
            _choose(w, part, line, life.priority, present)
    placed = 0
    for part in range(lines_called):
        if placed < joint.need and seats(w)[part].count > 0:
            placed += _place(w, part, lines_called)
    return bool(placed == joint.need)


@jit
def _choose(w: Handle, part: int, line: int, priority: int, most: int) -> None:
    """Idle workers of the line with nothing more urgent to take, in the order of dispatch.

    With as many as there are parts one is always left, so that no more are looked for.
    """
    place = lines(w)[line].first
    while place < lines(w)[line].last and seats(w)[part].count < most:
        rank = servers(w)[place].rank
        worker = _next_idle(w, line, place, -1)
        while worker >= 0 and seats(w)[part].count < most:
            task = find_task(w, worker)
            if task < 0 or lives(w)[task].priority >= priority:
                _add_choice(w, part, worker)
            worker = _next_idle(w, line, place, worker)
        while place < lines(w)[line].last and servers(w)[place].rank == rank:
            place += 1


@jit
def _next_idle(w: Handle, line: int, first: int, after: int) -> int:
    """Of the pools with the rank of one, who has been idle longest next to a worker; or -1."""
    rank = servers(w)[first].rank
    best = -1
    for place in range(first, lines(w)[line].last):
        server = servers(w)[place]
        if server.rank != rank:
            break
        pool = pools(w)[server.pool]
        if pool.first_idle < 0 or pool.mode != server.mode:
            continue
        for worker in range(pool.first, pool.last):
            if not is_idle(w, worker):
                continue
            if after >= 0 and not _idle_before(w, after, worker):
                continue
            if best < 0 or _idle_before(w, worker, best):
                best = worker
    return best


@jit
def _idle_before(w: Handle, one: int, other: int) -> bool:
    a = workers(w)[one].idle_since
    b = workers(w)[other].idle_since
    return bool(a < b or (a == b and one < other))


@jit
def _add_choice(w: Handle, part: int, worker: int) -> None:
    seat = seats(w)[part]
    for turn in range(seat.count):
        if choices(w)[part, turn] == worker:
            return
    choices(w)[part, seat.count] = worker
    seat.count += 1
    workers(w)[worker].member = -1


@jit
def _place(w: Handle, part: int, lines_called: int) -> int:
    """Give the part a worker, if need be one whose own part finds another in the same way.

    The way there is a stack: `part` of its n-th seat is the part that seeks, `turn` how many of
    that part's choices have been asked.
    """
    for each in range(lines_called):
        for turn in range(seats(w)[each].count):
            workers(w)[choices(w)[each, turn]].asked = 0
    depth = 0
    seats(w)[0].part = part
    seats(w)[0].turn = 0
    is_new = True
    while depth >= 0:
        seat = seats(w)[depth]
        if is_new:
            worker = _unplaced(w, seat.part)
            if worker >= 0:
                _settle(w, depth, worker)
                return 1
            is_new = False
        if seat.turn == seats(w)[seat.part].count:
            depth -= 1
            continue
        worker = choices(w)[seat.part, seat.turn]
        seat.turn += 1
        if workers(w)[worker].asked == 0:
            workers(w)[worker].asked = 1
            depth += 1
            seats(w)[depth].part = workers(w)[worker].member
            seats(w)[depth].turn = 0
            is_new = True
    return 0


@jit
def _unplaced(w: Handle, part: int) -> int:
    """The first choice of a part who is no member yet, -1 if all are."""
    for turn in range(seats(w)[part].count):
        worker = choices(w)[part, turn]
        if workers(w)[worker].member < 0:
            return int(worker)
    return -1


@jit
def _settle(w: Handle, depth: int, worker: int) -> None:
    """Give the last part on the way this worker, and each before it whom it had asked."""
    workers(w)[worker].member = seats(w)[depth].part
    while depth > 0:
        depth -= 1
        seat = seats(w)[depth]
        workers(w)[choices(w)[seat.part, seat.turn - 1]].member = seat.part

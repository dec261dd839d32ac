"""Dispatch: which worker a task gets, and which task a worker takes.

A line is a heap in order of (priority, waiting since, request) with lazy removal: an entry
counts only while its task waits with that very priority. SimPy's own resources are not used:
they sort a list at every request, which is quadratic under backlog.
"""

from heapq import heappop, heappush

from sim.engine.reference.counts import count_waiting
from sim.engine.reference.world import HELD, NOBODY, OVER, RUNNING, WAITING, Task, World
from sim.plan.codes import Code


def join_line(world: World, task: Task) -> None:
    """Let the task wait in its line; its place follows from its key, not from the moment."""
    task.state = WAITING
    task.priority = task.request.priority
    world.waiting_count[task.line] += 1
    count_waiting(world, task.request, 1)
    if task.owner != NOBODY:
        world.reserved.setdefault(task.owner, []).append(task)
        return
    _push(world, task)


def _push(world: World, task: Task) -> None:
    world.pushes += 1
    entry = (task.priority, task.since, task.request.number, world.pushes, task)
    heappush(world.waiting[task.line], entry)


def leave_line(world: World, task: Task, state: int) -> None:
    """Take the task out of its line and give it another state."""
    task.state = state
    world.waiting_count[task.line] -= 1
    count_waiting(world, task.request, -1)
    if task.owner != NOBODY:
        world.reserved[task.owner].remove(task)


def reorder(world: World, task: Task) -> None:
    """Move a waiting task to where its request's present priority puts it."""
    if task.priority != task.request.priority:
        task.priority = task.request.priority
        if task.owner == NOBODY:
            _push(world, task)


def release_owner(world: World, worker: int) -> list[Task]:
    """Take a departed worker's interrupted tasks out of their lines, to be offered anew."""
    reserved = world.reserved.get(worker, [])
    loose = sorted(reserved, key=lambda t: (t.priority, t.since, t.request.number))
    for task in loose:
        leave_line(world, task, OVER)
    return loose


def is_idle(world: World, worker: int) -> bool:
    """Whether the worker is on duty with nothing to do."""
    return world.on_duty[worker] and world.task[worker] is None


def become_idle(world: World, worker: int) -> None:
    """Note that the worker is idle from now on."""
    now = world.calendar.instant
    world.idle_since[worker] = now
    heappush(world.idle[world.plan.worker_pool[worker]], (now, worker))


def _longest_idle(world: World, pool: int) -> tuple[int, int] | None:
    heap = world.idle[pool]
    while heap:
        since, worker = heap[0]
        if is_idle(world, worker) and world.idle_since[worker] == since:
            return since, worker
        heappop(heap)
    return None


def servers(world: World, line: int) -> list[tuple[int, int]]:
    """The pools that serve a line now, as (rank, pool) in rising order."""
    found = world.servers.get(line)
    if found is None:
        plan = world.plan
        found = world.servers[line] = [
            (plan.line_pool_rank[entry], plan.line_pool[entry])
            for entry in range(plan.line_ptr[line], plan.line_ptr[line + 1])
            if plan.line_pool_mode[entry] == world.pool_mode[plan.line_pool[entry]]
        ]
    return found


def served(world: World, pool: int) -> list[tuple[int, int]]:
    """The lines that a pool serves now, as (line, rank) in rising order of rank."""
    found = world.served.get(pool)
    if found is None:
        plan = world.plan
        row = world.pool_mode[pool] * len(plan.pool_type) + pool
        found = world.served[pool] = [
            (plan.serve_line[entry], plan.serve_rank[entry])
            for entry in range(plan.serve_ptr[row], plan.serve_ptr[row + 1])
        ]
    return found


def find_worker(world: World, task: Task) -> int:
    """The idle worker for a task, NOBODY if there is none."""
    if task.owner != NOBODY:
        return task.owner if is_idle(world, task.owner) else NOBODY
    best: tuple[int, int, int] | None = None
    for rank, pool in servers(world, task.line):
        if best is not None and rank > best[0]:
            break
        found = _longest_idle(world, pool) if world.idle[pool] else None
        if found is not None and (best is None or (rank, *found) < best):
            best = (rank, *found)
    return best[2] if best is not None else NOBODY


def find_victim(world: World, task: Task) -> int:
    """The worker whose running task this one may interrupt, NOBODY if there is none."""
    plan = world.plan
    if not plan.class_preempts[task.request.request_class] or task.owner != NOBODY:
        return NOBODY
    best = (task.request.priority, -1, NOBODY)
    for _, pool in servers(world, task.line):
        for worker in range(plan.pool_first[pool], plan.pool_first[pool + 1]):
            running = world.task[worker]
            if world.leaving[worker] or world.off_since[worker] >= 0:
                continue  # on the way out: such a worker takes no new work
            if running is None or not plan.class_preemptible[running.request.request_class]:
                continue
            key = (running.request.priority, running.started_at, worker)
            if key[0] > task.request.priority and key > best:
                best = key
    return best[2]


def _first(world: World, line: int) -> Task | None:
    heap = world.waiting[line]
    while heap:
        priority, _, _, _, task = heap[0]
        if (
            task.state == WAITING
            and task.line == line
            and task.priority == priority
            and task.owner == NOBODY
        ):
            return task
        heappop(heap)
    return None


def find_task(world: World, worker: int) -> Task | None:
    """The waiting task for an idle worker, None if there is none."""
    plan = world.plan
    pool = plan.worker_pool[worker]
    mode = world.pool_mode[pool]
    preference = plan.pool_preference[mode][pool]
    reserved = world.reserved.get(worker, ())
    best: Task | None = None
    best_key: tuple[int, int, int, int] | None = None
    for line, rank in served(world, pool):
        if not world.waiting_count[line]:
            continue
        own = [task for task in reserved if task.line == line]
        head = _first(world, line)
        for task in own if head is None else [*own, head]:
            first, second = (rank, task.priority) if preference else (task.priority, rank)
            key = (first, second, task.since, task.request.number)
            if best_key is None or key < best_key:
                best, best_key = task, key
    return best


def is_full(world: World, task: Task) -> bool:
    """Whether the line has no room and nobody could take the task at once."""
    limit = world.plan.line_limit[task.line]
    if limit < 0 or world.waiting_count[task.line] < limit:
        return False
    return find_worker(world, task) == NOBODY and find_victim(world, task) == NOBODY


def hold(world: World, task: Task) -> None:
    """Keep a task out of its line while its class is suspended."""
    task.state = HELD
    world.held.append(task)
    request = task.request
    world.log(Code.HOLD, request.place, request.number, task.visit, line=task.line)


def is_running(task: Task | None) -> bool:
    """Whether a task is in work now."""
    return task is not None and task.state == RUNNING

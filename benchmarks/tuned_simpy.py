"""The network of `scenarios/theory/network-b.yaml` as a SimPy program made as fast as it goes.

Processes are kept, since they are what SimPy is for. Everything else is cut away: all numbers
are drawn beforehand, pools are a counter and two queues, a patience timer exists only for those
who queue, and nothing is written down but counts.
"""

from collections import deque
from typing import Any

import numpy as np
import simpy

GRIDS, COMMUNITIES, DISTRICTS = 200, 20, 5
WORKERS = (2, 3, 8)
HOTLINE = 5
RATE = 1.7
MEANS = (1.0, 0.5, 3.0, 0.05)
PATIENCE = 8.0
RISES = (0.3, 0.1)
URGENT = 0.2


class Pool:
    """Workers who serve the urgent first; a released worker takes the next who still waits."""

    __slots__ = ("free", "queues")

    def __init__(self, workers: int) -> None:
        self.free = workers
        self.queues: tuple[deque[Any], deque[Any]] = (deque(), deque())

    def release(self) -> None:
        """Give the worker to the first who waits."""
        for queue in self.queues:
            while queue:
                ticket = queue.popleft()
                if not ticket.triggered:
                    ticket.succeed(True)
                    return
        self.free += 1


def play(hours: float, seed: int) -> int:
    """Play the network for that many hours; the number of requests."""
    rng = np.random.default_rng(seed)
    n = rng.poisson(RATE * GRIDS * hours)
    at = np.sort(rng.uniform(0, hours, n)).tolist()
    grid = rng.integers(0, GRIDS, n).tolist()
    urgent = (rng.random(n) < URGENT).tolist()
    work = np.column_stack([rng.exponential(mean, n) for mean in MEANS]).tolist()
    patience = rng.exponential(PATIENCE, (n, 3)).tolist()
    rises = (rng.random((n, 2)) < RISES).tolist()

    env = simpy.Environment()
    levels = [
        [Pool(workers) for _ in range(count)]
        for count, workers in zip((GRIDS, COMMUNITIES, DISTRICTS), WORKERS, strict=True)
    ]
    hotline = Pool(HOTLINE)
    timeout = env.timeout

    def lose_patience(ticket: simpy.Event) -> None:
        if not ticket.triggered:
            ticket.succeed(False)

    def wait(pool: Pool, request: int) -> simpy.Event:
        ticket = simpy.Event(env)
        pool.queues[0 if urgent[request] else 1].append(ticket)
        return ticket

    def live(request: int) -> Any:
        place = grid[request]
        for stage in range(3):
            pool = levels[stage][place]
            if pool.free:
                pool.free -= 1
            else:
                ticket = wait(pool, request)
                timer = timeout(patience[request][stage])
                timer.callbacks.append(lambda _, ticket=ticket: lose_patience(ticket))
                if not (yield ticket):
                    break
            yield timeout(work[request][stage])
            pool.release()
            if stage == 2 or not rises[request][stage]:
                return
            place //= (GRIDS // COMMUNITIES, COMMUNITIES // DISTRICTS)[stage]
        if hotline.free:
            hotline.free -= 1
        else:
            yield wait(hotline, request)
        yield timeout(work[request][3])
        hotline.release()

    def arrive() -> Any:
        before = 0.0
        for request in range(n):
            yield timeout(at[request] - before)
            before = at[request]
            env.process(live(request))

    env.process(arrive())
    env.run(until=hours)
    return n

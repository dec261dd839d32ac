"""SimPy made as fast as it goes while processes stay, since they are what SimPy is for.

Everything else is cut away: all numbers are drawn beforehand in bulk, which is timed; pools
are a counter and deques, a patience timer exists only for those who queue, one source starts
the processes, and what lives at the start is kept out of garbage collection.
"""

import gc
from collections import deque

import model as m
import numpy as np
import simpy


class Pool:
    """Workers who serve the urgent first; a released worker takes the next who still waits."""

    __slots__ = ("free", "queues")

    def __init__(self, workers):
        self.free = workers
        self.queues = (deque(), deque())

    def release(self):
        """Give the worker to the first who waits."""
        for queue in self.queues:
            while queue:
                ticket = queue.popleft()
                if not ticket.triggered:
                    ticket.succeed(True)
                    return
        self.free += 1


def play_a(horizon, seed):
    """M/M/10."""
    with m.Clock() as clock:
        rng = np.random.default_rng(seed)
        n = rng.poisson(m.ARRIVALS_PER_HOUR * horizon)
        at = np.sort(rng.uniform(0, horizon, n))
        gaps = np.diff(at, prepend=0.0).tolist()
        service = rng.exponential(m.MEAN_SERVICE, n).tolist()
        env = simpy.Environment()
        timeout, process, ticket_of = env.timeout, env.process, simpy.Event
        desk = Pool(m.SERVERS)
        queue = desk.queues[0]
        waited, started = 0.0, 0

        def customer(work):
            nonlocal waited, started
            if desk.free:
                desk.free -= 1
            else:
                came = env.now
                ticket = ticket_of(env)
                queue.append(ticket)
                yield ticket
                waited += env.now - came
            started += 1
            yield timeout(work)
            desk.release()

        def source():
            for gap, work in zip(gaps, service, strict=True):
                yield timeout(gap)
                process(customer(work))

        process(source())
        env.run(until=horizon)
    return n, clock.cpu, {"wait": waited / started}


def play_b(horizon, seed):
    """The network."""
    tally = m.Tally()
    sums, counts, gave_up = tally.sums, tally.counts, tally.gave_up
    with m.Clock() as clock:
        rng = np.random.default_rng(seed)
        n = rng.poisson(m.RATE["B"] * horizon)
        gaps = np.diff(np.sort(rng.uniform(0, horizon, n)), prepend=0.0).tolist()
        grids = rng.integers(0, m.GRIDS, n).tolist()
        urgencies = (rng.random(n) >= m.URGENT).astype(int).tolist()
        work = np.column_stack([rng.exponential(mean, n) for mean in m.MEANS]).tolist()
        patience = rng.exponential(m.PATIENCE, (n, 3)).tolist()
        rises = (rng.random((n, 2)) < m.RISES).tolist()
        env = simpy.Environment()
        timeout, process, ticket_of = env.timeout, env.process, simpy.Event
        pools = [Pool(m.STAFF[stage]) for stage in m.STAGE]

        def request(i):
            urgency, pool = urgencies[i], grids[i]
            for stage in (0, 1, 2):
                team = pools[pool]
                if team.free:
                    team.free -= 1
                else:
                    came = env.now
                    ticket = ticket_of(env)
                    team.queues[urgency].append(ticket)
                    timeout(patience[i][stage]).callbacks.append(
                        lambda _, ticket=ticket: ticket.triggered or ticket.succeed(False)
                    )
                    if not (yield ticket):
                        gave_up[stage] += 1
                        break
                    sums[2 * stage + urgency] += env.now - came
                counts[2 * stage + urgency] += 1
                yield timeout(work[i][stage])
                team.release()
                if stage == 2 or not rises[i][stage]:
                    return
                pool = m.UP[pool]
            team = pools[m.HOTLINE]
            if team.free:
                team.free -= 1
            else:
                ticket = ticket_of(env)
                team.queues[urgency].append(ticket)
                yield ticket
            yield timeout(work[i][3])
            team.release()

        def source():
            for i in range(n):
                yield timeout(gaps[i])
                process(request(i))

        process(source())
        env.run(until=horizon)
    return n, clock.cpu, tally.means()


def play(model, horizon, seed):
    """Play one of them."""
    return (play_a if model == "A" else play_b)(horizon, seed)


if __name__ == "__main__":
    gc.freeze()
    m.serve(play, SimPy=simpy.__version__, NumPy=np.__version__)

"""salabim: components, and requests that fail after a delay. With `yield`, its faster way.

Tracing and all monitors, its slowest parts that one can do without, are off.
"""

import random

import model as m
import salabim

salabim.yieldless(False)


def play_a(horizon, seed):
    """M/M/10."""
    draw = random.Random(seed).expovariate
    waits = []
    arrived = 0

    class Customer(salabim.Component):
        def process(self):
            came = env.now()
            yield self.request(desk)
            waits.append(env.now() - came)
            yield self.hold(draw(1 / m.MEAN_SERVICE))
            self.release()

    class Source(salabim.Component):
        def process(self):
            nonlocal arrived
            while True:
                yield self.hold(draw(m.ARRIVALS_PER_HOUR))
                arrived += 1
                Customer()

    with m.Clock() as clock:
        env = salabim.Environment(trace=False, random_seed=seed, yieldless=False)
        desk = salabim.Resource("desk", capacity=m.SERVERS, monitor=False)
        silence(desk)
        Source()
        env.run(till=horizon)
    return arrived, clock.cpu, {"wait": sum(waits) / len(waits)}


def silence(pool):
    """Let a resource keep no statistics of its own."""
    pool.requesters().monitor(False)
    pool.claimers().monitor(False)


def play_b(horizon, seed):
    """The network."""
    rng = random.Random(seed)
    draw = rng.expovariate
    tally = m.Tally()
    arrived = 0

    class Request(salabim.Component):
        def setup(self, grid):
            self.grid = grid

        def process(self):
            urgency = 0 if rng.random() < m.URGENT else 1
            pool = self.grid
            for stage in range(3):
                came = env.now()
                yield self.request((pools[pool], 1, urgency), fail_delay=draw(1 / m.PATIENCE))
                if self.failed():
                    tally.gave_up[stage] += 1
                    break
                tally.sums[2 * stage + urgency] += env.now() - came
                tally.counts[2 * stage + urgency] += 1
                yield self.hold(draw(1 / m.MEANS[stage]))
                self.release()
                if stage == 2 or rng.random() >= m.RISES[stage]:
                    return
                pool = m.UP[pool]
            yield self.request((pools[m.HOTLINE], 1, urgency))
            yield self.hold(draw(1 / m.MEANS[3]))
            self.release()

    class Source(salabim.Component):
        def setup(self, grid):
            self.grid = grid

        def process(self):
            nonlocal arrived
            while True:
                yield self.hold(draw(m.REQUESTS_PER_HOUR_AND_GRID))
                arrived += 1
                Request(grid=self.grid)

    with m.Clock() as clock:
        env = salabim.Environment(trace=False, random_seed=seed, yieldless=False)
        pools = [salabim.Resource(capacity=m.STAFF[stage], monitor=False) for stage in m.STAGE]
        for pool in pools:
            silence(pool)
        for grid in range(m.GRIDS):
            Source(grid=grid)
        env.run(till=horizon)
    return arrived, clock.cpu, tally.means()


def play(model, horizon, seed):
    """Play one of them."""
    return (play_a if model == "A" else play_b)(horizon, seed)


if __name__ == "__main__":
    m.serve(play, salabim=salabim.__version__)

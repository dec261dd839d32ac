"""SimPy as its documentation teaches it: resources, `with` and `request | timeout`."""

import random

import model as m
import simpy


def play_a(horizon, seed):
    """M/M/10."""
    draw = random.Random(seed).expovariate
    waits = []
    arrived = 0
    with m.Clock() as clock:
        env = simpy.Environment()
        desk = simpy.Resource(env, capacity=m.SERVERS)

        def customer():
            came = env.now
            with desk.request() as turn:
                yield turn
                waits.append(env.now - came)
                yield env.timeout(draw(1 / m.MEAN_SERVICE))

        def source():
            nonlocal arrived
            while True:
                yield env.timeout(draw(m.ARRIVALS_PER_HOUR))
                arrived += 1
                env.process(customer())

        env.process(source())
        env.run(until=horizon)
    return arrived, clock.cpu, {"wait": sum(waits) / len(waits)}


def play_b(horizon, seed):
    """The network."""
    rng = random.Random(seed)
    draw = rng.expovariate
    tally = m.Tally()
    arrived = 0
    with m.Clock() as clock:
        env = simpy.Environment()
        pools = [simpy.PriorityResource(env, capacity=m.STAFF[stage]) for stage in m.STAGE]

        def request(pool):
            urgency = 0 if rng.random() < m.URGENT else 1
            for stage in range(3):
                came = env.now
                with pools[pool].request(priority=urgency) as turn:
                    happened = yield turn | env.timeout(draw(1 / m.PATIENCE))
                    if turn not in happened:
                        tally.gave_up[stage] += 1
                        break
                    tally.sums[2 * stage + urgency] += env.now - came
                    tally.counts[2 * stage + urgency] += 1
                    yield env.timeout(draw(1 / m.MEANS[stage]))
                if stage == 2 or rng.random() >= m.RISES[stage]:
                    return
                pool = m.UP[pool]
            with pools[m.HOTLINE].request(priority=urgency) as turn:
                yield turn
                yield env.timeout(draw(1 / m.MEANS[3]))

        def source(grid):
            nonlocal arrived
            while True:
                yield env.timeout(draw(m.REQUESTS_PER_HOUR_AND_GRID))
                arrived += 1
                env.process(request(grid))

        for grid in range(m.GRIDS):
            env.process(source(grid))
        env.run(until=horizon)
    return arrived, clock.cpu, tally.means()


def play(model, horizon, seed):
    """Play one of them."""
    return (play_a if model == "A" else play_b)(horizon, seed)


if __name__ == "__main__":
    m.serve(play, SimPy=simpy.__version__)

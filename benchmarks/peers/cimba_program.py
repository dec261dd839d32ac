"""Cimba from Python: processes compiled to run on an engine in C.

Compiling is not timed: a first, tiny job does it. Random inputs are drawn by the engine.
"""

from importlib.metadata import version

import cimba as cb
import model as m
import numpy as np
from cimba import inputs

IMPATIENT = 77
"""Signal of the timer; any number of one's own."""


class Desk(cb.Model):
    """M/M/10."""

    gap: cb.Input[float] = inputs.dist.exponential(mean=1 / m.ARRIVALS_PER_HOUR)
    service: cb.Input[float] = inputs.dist.exponential(mean=m.MEAN_SERVICE)
    line: cb.Store[float]
    waited: cb.Output[float]
    started: cb.Output[float]
    arrived: cb.Output[float]

    @cb.on_start
    def begin(self):
        self.waited = 0.0
        self.started = 0.0
        self.arrived = 0.0

    @cb.process
    def arrivals(self):
        while True:
            cb.hold(self.gap.next())
            self.arrived += 1.0
            self.line.put(cb.now())

    @cb.process(copies=m.SERVERS)
    def server(self):
        while True:
            came = self.line.get()
            self.waited += cb.now() - came
            self.started += 1.0
            cb.hold(self.service.next())


class Pool(cb.Model):
    """One pool of the network, its stage and the pool that its requests rise to."""

    staff: cb.Resource = cb.Resource(capacity=1)
    stage: cb.Param[int] = 0
    up: cb.Param[int] = 0
    service: cb.Input[float] = inputs.dist.exponential(mean=1.0)
    patience: cb.Input[float] = inputs.dist.exponential(mean=m.PATIENCE)


class Request(cb.Model):
    """One request on its way; `urgent` is 1 or 0, the higher priority going first."""

    city: cb.Ref["City"]
    grid: int
    urgent: int

    @cb.process
    def live(self):
        city = self.city
        number = self.grid
        me = cb.this_process()
        while True:
            pool = city.pools[number]
            stage = pool.stage
            came = cb.now()
            if stage < 3:
                me.timer_set(pool.patience.next(), IMPATIENT)
            signal = pool.staff.acquire(1, self.urgent)
            if signal == IMPATIENT:
                city.gave_up[stage] += 1
                number = city.hotline
                continue
            if stage < 3:
                me.timers_clear()
            kind = 2 * stage + 1 - self.urgent
            city.sums[kind] += cb.now() - came
            city.counts[kind] += 1
            cb.hold(pool.service.next())
            pool.staff.release(1)
            if (stage == 0 and city.rises.next()) or (stage == 1 and city.rises_again.next()):
                number = pool.up
            else:
                break


class City(cb.Model):
    """The network; one source stands for the Poisson sources of all grids."""

    pools: list[Pool]
    hotline: cb.Param[int] = m.HOTLINE
    gap: cb.Input[float] = inputs.dist.exponential(mean=1 / m.RATE["B"])
    where: cb.Input[int] = inputs.dist.dice(low=0, high=m.GRIDS - 1)
    first: cb.Input[bool] = inputs.dist.bernoulli(p=m.URGENT)
    rises: cb.Input[bool] = inputs.dist.bernoulli(p=m.RISES[0])
    rises_again: cb.Input[bool] = inputs.dist.bernoulli(p=m.RISES[1])
    sums: cb.Array[float] = cb.Array(8)
    counts: cb.Array[int] = cb.Array(8)
    gave_up: cb.Array[int] = cb.Array(4)
    arrived: cb.Output[float]
    wait_0: cb.Output[float]
    wait_1: cb.Output[float]
    wait_2: cb.Output[float]
    wait_3: cb.Output[float]
    wait_4: cb.Output[float]
    wait_5: cb.Output[float]
    share_0: cb.Output[float]
    share_1: cb.Output[float]

    @cb.on_start
    def begin(self):
        self.arrived = 0.0

    @cb.process
    def arrivals(self):
        while True:
            cb.hold(self.gap.next())
            self.arrived += 1.0
            urgent = 0
            if self.first.next():
                urgent = 1
            cb.spawn(Request, city=self, grid=self.where.next(), urgent=urgent)

    @cb.on_end
    def tell(self):
        self.wait_0 = self.sums[0] / max(1, self.counts[0])
        self.wait_1 = self.sums[1] / max(1, self.counts[1])
        self.wait_2 = self.sums[2] / max(1, self.counts[2])
        self.wait_3 = self.sums[3] / max(1, self.counts[3])
        self.wait_4 = self.sums[4] / max(1, self.counts[4])
        self.wait_5 = self.sums[5] / max(1, self.counts[5])
        self.share_0 = self.gave_up[0] / max(
            1, self.gave_up[0] + self.counts[0] + self.counts[1]
        )
        self.share_1 = self.gave_up[1] / max(
            1, self.gave_up[1] + self.counts[2] + self.counts[3]
        )


def city():
    """The network with its pools."""
    built = City()
    pools = []
    for stage, up in zip(m.STAGE, m.UP, strict=True):
        pool = Pool()
        pool.staff.initial_capacity = m.STAFF[stage]
        pool.stage = stage
        pool.up = up
        pool.service = inputs.dist.exponential(mean=m.MEANS[stage])
        pools.append(pool)
    built.pools = pools
    return built


def play(model, horizon, seed):
    """Play one of them."""
    built = Desk() if model == "A" else city()
    experiment = cb.Experiment(
        built, replications=1, window=cb.Window(duration=horizon), seed=seed
    )
    with m.Clock() as clock:
        results = experiment.run(workers=1)
    told = results[built]

    def number(name):
        return float(np.asarray(getattr(told, name)).ravel()[0])

    arrived = round(number("arrived"))
    if model == "A":
        return arrived, clock.cpu, {"wait": number("waited") / number("started")}
    names = [f"wait_{i}" for i in range(6)] + ["share_0", "share_1"]
    values = [number(name) for name in names]
    return arrived, clock.cpu, dict(zip(m.QUANTITIES["B"], values, strict=True))


if __name__ == "__main__":
    m.serve(play, **{"Cimba-Python": version("cimba"), "Numba": version("numba")})

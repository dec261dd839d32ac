"""Cases whose rates or staff change with time: short runs, each a sample of one instant."""

import math

from tests.oracles.recompute import SHIFT_END
from tests.oracles.table import exact
from tests.oracles.time_varying import mt_m_ct
from tests.theory.cases import Case, Check, formula, row_check
from tests.theory.measure import DAY


def cut(name):
    """A figure of the deep cut whose cases are put back, at its end."""
    return lambda: mt_m_ct(SHIFT_END, 4)[-1][name]


STAFFING = [
    Case("staffing-by-hour", "staffing-by-hour", (), 0, 4, (
        row_check("U1", "number_at", of="in system", hour=4),
        row_check("U3", "delayed_per", expected=105),
    )),
    # U2 itself, 0.185 on average, is mostly nought: 800 000 runs; its formula is played below.
    Case("staffing-by-hour-cut", "staffing-by-hour-cut", (), 0, 4, (
        row_check("U5", "number_at", of="in system", hour=4),
        formula("U2", cut("q"), "number_at", of="in line", hour=4),
    )),
    Case("staffing-by-hour-finish", "staffing-by-hour-finish", (), 0, 4, (
        row_check("O-U4", "number_at", of="in system", hour=4),
    )),
    Case("staffing-by-hour-patience", "staffing-by-hour-patience", (), 0, 4, (
        row_check("O-U6", "lost_count"),
    )),
]  # fmt: skip


def wave_of():
    """What the sine and the cosine of the wave of P-7B-1 weigh."""
    amplitude, lag = exact("P-7B-1", 1), exact("P-7B-1", 2)
    return {"sin": amplitude * math.cos(DAY * lag), "cos": -amplitude * math.sin(DAY * lag)}


WAVES = [
    Case("mt-m-inf-periodic", "mt-m-inf", (), 0, 33, (
        row_check("I1", "number_at", of="in system", hour=33),
    )),
    Case("mt-m-inf", "mt-m-inf", (), 0, 9.01, (
        row_check("I2", "number_at", of="in system", hour=9),
    )),
    Case("mt-d-inf", "mt-m-inf", ("requests.call.work=4 h",), 0, 9.01, (
        row_check("I3", "number_at", of="in system", hour=9),
    )),
    Case("mt-lognormal-inf", "mt-m-inf", (
        "requests.call.work={lognormal: {mean: 4 h, cv: 1}}",
    ), 0, 9.01, (row_check("I4", "number_at", of="in system", hour=9),)),
    Case("mt-m-inf-rework", "mt-m-inf-rework", (), 0, 24.01, (
        row_check("I5", "number_at", of="at work", hour=24),
        row_check("I6", "number_at", of="in delay", hour=24),
    )),
    Case("mt-m-inf-wave", "mt-m-inf", (
        "sources.calls.profile.sine.amplitude=0.5", "requests.call.work={exponential: 2 h}",
    ), 24, 72, (
        row_check("P-7B-1", "mean_number", 0, of="in system"),
        *(
            Check("P-7B-1", lambda part=part: wave_of()[part], "wave", {"part": part})
            for part in ("sin", "cos")
        ),
    )),
]  # fmt: skip


def pieces(rates, ends, until):
    """Overrides that give each stretch of a repeating table its rate, in hours."""
    found, start = {rate: [] for rate in rates}, 0.0
    turn = ends[-1]
    shocks = []
    while start < until - 1e-9:
        base = math.floor(start / turn + 1e-9) * turn
        part = next(k for k, end in enumerate(ends) if start < base + end - 1e-9)
        end = min(base + ends[part], until)
        found[rates[part]].append((start, end))
        shocks.append(
            f"shocks.s{len(shocks)}={{start: {round(start * 3600)} s, "
            f"lasts: {round((end - start) * 3600)} s, factors: {{calls: {rates[part]}}}}}"
        )
        start = end
    return shocks, found


def table_of(key, rates, ends, until):
    """Counts of reports under each rate of a repeating table; nobody waits long."""
    shocks, found = pieces(rates, ends, until)
    return Case(
        key, "mt-m-inf",
        ("sources.calls.profile=null", "sources.calls.rate=1/h", *shocks,
         "requests.call.work=1 min"),
        0, until + 0.01,
        tuple(
            row_check(key, "reported_between", part, stretches=tuple(found[rate]))
            for part, rate in enumerate(rates)
        ),
    )  # fmt: skip


GAPS = (15, 12, 7, 5, 8, 10, 15, 20, 20)
BY_HOUR = [60 / gap for gap in GAPS] + [0.0] * 15

TABLES = [
    table_of("P-7B-2", [5, 1.5, 3], [3.2, 7.9, 10], 20),
    table_of("P-7B-3", [2, 0.6, 0.8, 12, 3], [0.5, 10, 32, 40.3, 50], 100),
    Case("P-7B-4", "mt-m-inf", (
        f"sources.calls.rate={sum(BY_HOUR) / 24:.9f}/h",
        f"sources.calls.profile={{hours: {[round(weight, 9) for weight in BY_HOUR]}}}",
        "requests.call.work=1 min",
    ), 0, 9.01, (
        *(
            row_check("P-7B-4", "reported_between", k, stretches=((k, k + 1),))
            for k in range(9)
        ),
        row_check("P-7B-4", "reported_between", 9, stretches=((0, 9),)),
    )),
]  # fmt: skip

CASES = (*STAFFING, *WAVES, *TABLES)

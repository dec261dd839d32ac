"""Cases of one line: Erlang B, C and A, limited room, M/G/1, feedback, a backlog, retrials."""

import math

from tests.oracles import recompute
from tests.oracles.erlang import erlang_b, mmc, mmc_sojourn_tail, mmc_wait_tail, mmck
from tests.oracles.single_server import clearance, mg1, moments
from tests.oracles.table import exact
from tests.theory.cases import MINUTES, SECONDS, Case, Check, formula, row_check


def staffed(servers, rate, work):
    """Overrides for another M/M/c."""
    return (
        f"pools.servers.staff={servers}",
        f"sources.calls.rate={rate}/h",
        f"requests.call.work={{exponential: {work}}}",
    )


def waiting(row, measures=("wait",), **parameters):
    """Checks of an M/M/c at other parameters than the row's."""
    names = {"wait": "wq", "delayed": "p_wait"}
    return tuple(
        formula(row, lambda name=name: mmc(**parameters)[names[name]], name)
        for name in measures
    )


# (mean gap, mean service, servers) in minutes; a seventh and a fourth case are apart.
SETS = {
    "P-7A-3": [(10, 3, 2), (6, 4, 2), (4, 3, 1), (5.5, 5, 3), (8, 4, 1), (4, 10, 4)],
    "P-7A-4": [(4, 10, 5), (4, 10, 6), (4, 10, 7), (3, 10, 6), (3, 10, 7)],
}
SCARCE = {(4, 10, 7), (3, 10, 7), (4, 10, 6)}  # few wait: millions of requests


def set_of_waits(key):
    """A case for each line of the two sets of M/M/c."""
    return [
        Case(
            f"{key}-{part}",
            "mm1",
            staffed(c, round(60 / gap, 9), f"{service} min"),
            50 * service * MINUTES + 10,
            2000 * gap * MINUTES * 5,
            (Check(key, lambda g=gap, s=service, c=c: mmc(60 / g, 60 / s, c)["wq"], "wait"),),
            fast=(gap, service, c) in SCARCE,
        )
        for part, (gap, service, c) in enumerate(SETS[key])
    ]


MANY = [
    Case("mmc", "mmc", (), 5000, 105_000, (
        row_check("P-7A-1", "mean_number", 0, 3, of="at work"),
        row_check("P-7A-1", "delayed", 1),
        row_check("P-7A-1", "wait", 2),
        row_check("P-7A-1", "mean_number", 3, of="in line"),
    )),
    Case("mmc-4", "mmc", ("pools.servers.staff=4",), 5000, 105_000, (
        row_check("P-7A-2", "delayed", 0), row_check("P-7A-2", "wait", 1),
    )),
    *set_of_waits("P-7A-3"),
    Case("P-7A-3-nobody-waits", "mm1", staffed(15, 1, "10 min"), 0, 5000, (
        row_check("P-7A-3", "wait", 6),
    )),
    *set_of_waits("P-7A-4"),
    Case("mm1", "mm1", (), 100, 2100, (
        row_check("P-7A-5", "mean_number", 0, of="in system"),
        row_check("P-7A-5", "mean_number", 1, of="in line"),
        row_check("P-7A-5", "wait", 2, MINUTES),
    ), fast=True),
    Case("mm1-load-0.7", "mm1", ("sources.calls.rate=8.4/h",), 100, 2100, (
        formula("P-7A-5", lambda: mmc(8.4, 12, 1)["l"], "mean_number", of="in system"),
        formula("P-7A-5", lambda: mmc(8.4, 12, 1)["lq"], "mean_number", of="in line"),
        *waiting("P-7A-5", lam=8.4, mu=12, c=1),
    )),
    Case("mmc-13", "mm1", staffed(13, 210, "180 s"), 10, 210, (
        row_check("P-7A-6", "wait", 0, SECONDS), row_check("P-7A-6", "delayed", 1),
    ), fast=True),
    Case("mmc-4-load-0.7", "mm1", staffed(4, 56, "180 s"), 10, 210,
         waiting("P-7A-6", ("wait", "delayed"), lam=56, mu=20, c=4)),
    Case("mmc-12", "mm1", staffed(12, 252, "2 min"), 10, 210, (
        row_check("P-7A-9", "delayed", 0),
        row_check("P-7A-9", "wait", 1, MINUTES),
        Check("P-7A-9", lambda: 1 - exact("P-7A-9", 2), "waits_longer", {"than": 20 * SECONDS}),
    ), fast=True),
    Case("mmc-2-load-0.7", "mm1", staffed(2, 42, "2 min"), 10, 510, (
        *waiting("P-7A-9", ("wait", "delayed"), lam=42, mu=30, c=2),
        formula("P-7A-9", lambda: mmc_wait_tail(42, 30, 2, 20 * SECONDS), "waits_longer",
                than=20 * SECONDS),
    )),
    Case("mmc-10", "mmc-10", (), 100, 1100, (
        row_check("C1", "delayed"), row_check("C2", "wait"),
        row_check("C3", "waits_longer", than=0.25), row_check("C4", "sojourn_longer", than=1),
    ), fast=True),
    Case("mmc-10-load-0.8", "mmc-10", ("sources.calls.rate=17.6/h",), 50, 1050, (
        *waiting("C1", ("delayed",), lam=17.6, mu=2.2, c=10),
        *waiting("C2", lam=17.6, mu=2.2, c=10),
        formula("C3", lambda: mmc_wait_tail(17.6, 2.2, 10, 0.1), "waits_longer", than=0.1),
        formula("C4", lambda: mmc_sojourn_tail(17.6, 2.2, 10, 1), "sojourn_longer", than=1),
    )),
    Case("number-at-three-servers", "mm1", staffed(3, 10, "5 min"), 50, 1050, tuple(
        row_check("P-7A-22", "share_of_time", n, number=n) for n in range(4)
    )),
    Case("number-at-three-servers-rare", "mm1", staffed(3, 10, "5 min"), 50, 1050, tuple(
        row_check("P-7A-22", "share_of_time", n, number=n) for n in (4, 5)
    ), fast=True),
]  # fmt: skip

IMPATIENT = [
    Case("erlang-a", "erlang-a", (), 50, 1050, (
        row_check("A1", "delayed"), row_check("A2", "lost"), row_check("A3", "wait_of_all"),
        # Whoever is offered a wait beyond t is seen to wait so long if patience lasts as well.
        Check("A4", lambda: exact("A4") * math.exp(-1.5 * 0.2), "all_waited_longer",
              {"than": 0.2}),
    )),
    Case("erlang-a-fixed-patience", "erlang-a-fixed-patience", (), 50, 1050, (
        row_check("A5", "lost"), row_check("A6", "wait_of_all"),
    )),
    *(
        Case(f"erlang-a-{c}", "erlang-a", (
            *staffed(c, 210, "180 s"),
            "requests.call.timers.patience.after={exponential: 300 s}",
        ), 10, 110, (
            row_check("P-7A-7", "wait_of_all", part, SECONDS),
            row_check("P-7A-7", "lost", part + 1),
        ))
        for c, part in ((13, 0), (9, 2))
    ),
    Case("erlang-a-12", "erlang-a", (
        *staffed(12, 252, "2 min"), "requests.call.timers.patience.after={exponential: 1 min}",
    ), 10, 210, (
        row_check("P-7A-8", "lost", 0), row_check("P-7A-8", "delayed", 1),
        row_check("P-7A-8", "mean_number", 2, 12, of="at work"),
    )),
]  # fmt: skip


def beds(load, servers):
    """Overrides for M/G/c/c with lognormal stays of mean 1 h."""
    return (
        f"pools.servers.staff={servers}", f"sources.calls.rate={load}/h",
        "requests.call.work={lognormal: {mean: 1 h, cv: 1.5}}",
    )  # fmt: skip


def strokes():
    """One case for each figure of the stroke beds; rare refusals are for the fast engine."""
    acute, rehab = 8.145, 9.718
    lines = [
        *((c, acute) for c in range(9, 15)),
        *((c, 1.05 * acute) for c in range(10, 15)),
        *((c, rehab) for c in (10, *range(12, 17))),
        *((c, 1.05 * rehab) for c in range(12, 17)),
        *((c, acute + rehab) for c in (22, 26)),
    ]
    for part, (c, load) in enumerate(lines):
        yield Case(
            f"stroke-{part}",
            "erlang-b",
            beds(round(load, 6), c),
            20,
            2020,
            (Check("P-7A-23", lambda c=c, load=load: erlang_b(c, load), "lost"),),
            fast=part not in (0, 3, 6, 11, 13, 17, 22),
        )


ROOM = [
    Case("erlang-b", "erlang-b", (), 20, 2020, (row_check("B1", "lost"),)),
    *(
        Case(f"erlang-b-{name}", "erlang-b", (f"requests.call.work={law}",), 20, 2020,
             (row_check("B1", "lost"),))
        for name, law in (("fixed", "1 h"), ("lognormal", "{lognormal: {mean: 1 h, cv: 2}}"))
    ),
    Case("erlang-b-40", "erlang-b", ("pools.servers.staff=10", "sources.calls.rate=40/h"), 20,
         220, (row_check("P-7A-12", "lost"),)),
    Case("mmck", "mmck", (), 50, 1050, (row_check("K1", "lost"), row_check("K2", "wait"))),
    Case("mmck-2-3", "mmck-2-3", (), 50, 2050, (
        row_check("P-7A-10", "lost", 0),
        row_check("P-7A-10", "mean_number", 1, of="in system"),
    )),
    Case("mmck-1-6", "mmck", (*staffed(1, 1, "50 min"), "lines.desk.limit=5"), 100, 5100, (
        row_check("P-7A-11", "mean_number", 0, of="in system"),
        row_check("P-7A-11", "lost", 1),
    ), fast=True),
    Case("mmck-1-6-load-0.5", "mmck", (*staffed(1, 1, "30 min"), "lines.desk.limit=2"), 100,
         5100, (
        formula("P-7A-11", lambda: mmck(1, 2, 1, 3)["l"], "mean_number", of="in system"),
        formula("P-7A-11", lambda: mmck(1, 2, 1, 3)["p_block"], "lost"),
    )),
    *strokes(),
    Case("petrol-pump", "erlang-b", (
        "pools.servers.staff=1", "sources.calls.rate=9/h",
        "sources.calls.classes={car: 0.75, motorcycle: 0.25}", "requests.call=null",
        *(f"requests.{name}={{title: {{en: {name}, zh: {name}}}, flow: once, "
          f"work: {{exponential: {mean} min}}}}"
          for name, mean in (("car", 8), ("motorcycle", 3))),
    ), 10, 1010, (
        row_check("P-7A-21", "mean_number", 0, of="at work", name="car"),
        row_check("P-7A-21", "share_of_time", 1, number=0),
        row_check("P-7A-21", "mean_number", 2, of="at work", name="motorcycle"),
        row_check("P-7A-21", "mean_number", 3, of="in system"),
    )),
]  # fmt: skip

SINGLE = [
    Case("mg1", "mg1", (), 500, 20_500, (row_check("G1", "wait"),)),
    Case("mg1-det", "mg1-det", (), 500, 20_500, (row_check("G2", "wait"),)),
    Case("mg1-erlang", "mg1-erlang", (), 500, 20_500, (row_check("G3", "wait"),)),
    Case("mg1-erlang-spread", "mg1-erlang", (), 500, 20_500, (
        row_check("G5", "wait_spread", around=2.4),
    ), fast=True),
    Case("mg1-erlang-load-0.5", "mg1-erlang", ("sources.calls.rate=0.625/h",), 500, 20_500, (
        formula("G5", lambda: mg1(0.625, *moments("gamma", 0.8, 0.5))["var_wq"], "wait_spread",
                around=0.6),
    )),
    Case("mg1-lognormal", "mg1-lognormal", (), 500, 20_500, (row_check("G4", "wait"),),
         fast=True),
    Case("mg1-lognormal-load-0.4", "mg1-lognormal", ("sources.calls.rate=0.5/h",), 500,
         20_500, (
        formula("G4", lambda: recompute.mg1_wq("lognormal", 0.5, 0.8, 4), "wait"),
    )),
    *(
        Case(f"mg1-scv-{scv}", "mg1", (f"requests.call.work={law}", "sources.calls.rate=0.8/h"),
             500, 20_500, (row_check("P-7A-17", "wait", part),), fast=scv > 1)
        for part, (scv, law) in enumerate((
            (0, "1 h"), (0.5, "{erlang: {mean: 1 h, stages: 2}}"),
            (2, "{gamma: {mean: 1 h, cv: 1.414213562}}"), (4, "{gamma: {mean: 1 h, cv: 2}}"),
        ))
    ),
    *(
        Case(f"mg1-scv-{scv}-load-0.5", "mg1", (
            f"requests.call.work={{gamma: {{mean: 1 h, cv: {cv}}}}}",
            "sources.calls.rate=0.5/h",
        ), 500, 20_500, (
            formula("P-7A-17", lambda scv=scv: recompute.mg1_wq("gamma", 0.5, 1, scv), "wait"),
        ))
        for scv, cv in ((2, 1.414213562), (4, 2))
    ),
    Case("feedback", "feedback", (), 500, 20_500, (row_check("F1", "sojourn"),)),
    # A microsecond of patience at a busy server, then a pause of 2 h: the orbit.
    Case("retrials", "erlang-b", (
        "pools.servers.staff=1", "sources.calls.rate=0.6/h", "lines.desk.limit=null",
        "requests.call.timers.retry="
        "{after: 1 us, start: dispatch, until: start, then: go, to: orbit}",
        "flows.once.steps.orbit={delay: {exponential: 2 h}, next: serve}",
    ), 500, 20_500, (row_check("H1", "mean_number", of="in delay"),)),
    Case("backlog", "mm1", (
        *staffed(1, 0.7, "1 h"), "sources.calls.from_backlog=50",
    ), 0, 1200, (row_check("T1", "emptied_at"),), whole=True),
    Case("backlog-spread", "mm1", (
        *staffed(1, 0.7, "1 h"), "sources.calls.from_backlog=50",
    ), 0, 1200, (
        # 5 % of a standard deviation is 10 % of its square.
        Check("T2", lambda: exact("T2") ** 2, "emptied_spread", {"around": exact("T1")},
              0.1025),
    ), whole=True, fast=True),
    Case("backlog-of-10", "mm1", (
        *staffed(1, 0.5, "1 h"), "sources.calls.from_backlog=10",
    ), 0, 250, (
        Check("T2", lambda: clearance(10, 0.5, 1, 1)[1] ** 2, "emptied_spread",
              {"around": clearance(10, 0.5, 1, 1)[0]}, 0.1025),
    ), whole=True),
]  # fmt: skip

CASES = (*MANY, *IMPATIENT, *ROOM, *SINGLE)

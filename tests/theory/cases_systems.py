"""Cases of several classes, several lines, or a finite population."""

from tests.oracles.ctmc import n_model
from tests.oracles.networks import jackson, machine_repair
from tests.oracles.priorities import mmc_preemptive, mmc_waiting
from tests.theory.cases import MINUTES, Case, Check, formula, row_check

THREE = ("first", "second", "third")
TWO = ("urgent", "ordinary")
LIGHTER = ("sources.urgent_calls.rate=2.4/h", "sources.ordinary_calls.rate=3.2/h")

PRIORITIES = [
    Case("priority-mm1", "priority-mm1", (), 500, 20_500, (
        *(row_check("P-7A-14", "sojourn", k, name=name) for k, name in enumerate(TWO)),
        *(row_check("P-7A-14", "wait", 2 + k, name=name) for k, name in enumerate(TWO)),
    )),
    Case("priority-mm1-preemptive", "priority-mm1-preemptive", (), 500, 20_500, tuple(
        row_check("P-7A-15", "sojourn", k, name=name) for k, name in enumerate(TWO)
    )),
    Case("priority-mm3", "priority-mm3", (), 200, 8200, tuple(
        row_check("P-7A-16", "wait", k, name=name) for k, name in enumerate(THREE)
    ), fast=True),
    Case("priority-mm3-load-0.6", "priority-mm3", tuple(
        f"sources.{name}_calls.rate=0.6/h" for name in THREE
    ), 200, 4200, tuple(
        formula("P-7A-16", lambda k=k: float(mmc_waiting([0.6] * 3, 1, 3)[k]), "wait",
                name=name)
        for k, name in enumerate(THREE)
    )),
    Case("priority-mg1", "priority-mg1", (), 500, 20_500, tuple(
        row_check(f"N{k}", "wait", name=name) for k, name in enumerate(THREE, start=1)
    )),
    Case("priority-mg1-preemptive", "priority-mg1-preemptive", (), 500, 20_500, tuple(
        row_check(f"R{k}", "sojourn", name=name) for k, name in enumerate(THREE, start=1)
    )),
    Case("priority-mm4", "priority-mm4", (), 100, 3100, (
        row_check("Q1", "wait", name="urgent"), row_check("Q2", "wait", name="ordinary"),
    ), fast=True),
    Case("priority-mm4-preemptive", "priority-mm4-preemptive", (), 100, 3100, (
        row_check("Q3", "sojourn", name="urgent"), row_check("Q4", "sojourn", name="ordinary"),
    ), fast=True),
    Case("priority-mm4-load-0.7", "priority-mm4", LIGHTER, 100, 3100, tuple(
        formula(f"Q{k + 1}", lambda k=k: float(mmc_waiting([2.4, 3.2], 2, 4)[k]), "wait",
                name=name)
        for k, name in enumerate(TWO)
    )),
    Case("priority-mm4-preemptive-load-0.7", "priority-mm4-preemptive", LIGHTER, 100,
         3100, tuple(
        formula(f"Q{k + 3}", lambda k=k: float(mmc_preemptive([2.4, 3.2], 2, 4)[k]), "sojourn",
                name=name)
        for k, name in enumerate(TWO)
    )),
]  # fmt: skip


def stations(first):
    """Waits at four stations when so many an hour enter at the first."""
    routing = [[0, 0.75, 0, 0], [0, 0, 0.65, 0.35], [0] * 4, [0] * 4]
    return jackson([first, 0, 0.5, 0.6], routing, [2.2] * 4, [1] * 4)["wq"].tolist()


NETWORKS = [
    Case("tandem", "tandem", (), 50, 1050, (
        row_check("P-7A-18", "line_wait", 0, MINUTES, line="front_desk"),
        row_check("P-7A-18", "line_wait", 1, MINUTES, line="back_desk"),
        row_check("P-7A-18", "sojourn", 2, MINUTES),
    )),
    Case("tandem-short", "tandem", (
        "sources.calls.rate=30/h",
        "flows.two_steps.steps.front.work.content={exponential: 42 s}",
        "flows.two_steps.steps.back.work.content={exponential: 54 s}",
    ), 10, 510, (
        row_check("P-7A-19", "line_wait", 0, MINUTES, line="front_desk"),
        row_check("P-7A-19", "line_wait", 1, MINUTES, line="back_desk"),
    )),
    Case("four-stations", "four-stations", (), 500, 10_500, tuple(
        row_check("P-7A-20", "line_wait", k, line=f"desk_{k + 1}") for k in range(4)
    ), fast=True),
    Case("four-stations-load-0.5", "four-stations", ("sources.first_calls.rate=1.1/h",), 200,
         5200, tuple(
        formula("P-7A-20", lambda k=k: stations(1.1)[k], "line_wait", line=f"desk_{k + 1}")
        for k in range(4)
    )),
    Case("jackson", "jackson", (), 50, 2050, (
        row_check("J1", "starts_per_hour", line="desk_1"), row_check("J2", "sojourn"),
    )),
    Case("erlang-r", "erlang-r", (), 200, 4200, (row_check("J3", "sojourn"),), fast=True),
    Case("erlang-r-load-0.75", "erlang-r", ("sources.calls.rate=2.7/h",), 200, 4200, (
        formula("J3", lambda: float(
            jackson([2.7, 0], [[0, 0.4], [1, 0]], [1.5, 0.1], [4, float("inf")])["w"][0]
        ), "sojourn"),
    )),
    Case("n-model", "n-model", (), 50, 2050, (
        row_check("X1", "mean_number", of="in line", name="first"),
        row_check("X2", "mean_number", of="in line", name="second"),
    ), fast=True),
    Case("n-model-of-4", "n-model", (
        "sources.first_calls.rate=1.8/h", "sources.second_calls.rate=1.2/h",
        "pools.own.staff=2", "pools.shared.staff=2",
    ), 50, 2050, tuple(
        formula(f"X{k}", lambda k=k: n_model((1.8, 1.2), 1, (2, 2), (20, 20))[f"lq{k}"],
                "mean_number", of="in line", name=THREE[k - 1])
        for k in (1, 2)
    )),
]  # fmt: skip


def repairers(c, *parts, fast=False, warm_up=200, horizon=10_200):
    """Machine interference with c repairers: the numbers down, waiting, and the cost."""

    def found(name):
        return lambda: machine_repair(5, 0.1, 0.25, c)[name]

    checks = {
        "l": Check("P-7A-13", found("l"), "mean_number", {"of": "in system"}),
        "lq": Check("P-7A-13", found("lq"), "mean_number", {"of": "in line"}),
        "cost": Check(
            "P-7A-13", lambda: 15 * c + 60 * machine_repair(5, 0.1, 0.25, c)["l"],
            "mean_number", {"of": "in system", "times": 60, "plus": 15 * c},
        ),
    }  # fmt: skip
    return Case(
        f"machine-interference-{c}-{parts[0]}", "machine-interference",
        (f"pools.servers.staff={c}",), warm_up, horizon,
        tuple(checks[part] for part in parts), fast,
    )  # fmt: skip


POPULATIONS = [
    repairers(1, "l", "lq", "cost"),
    repairers(2, "l", "lq", "cost"),
    repairers(3, "l", "cost"),
    repairers(4, "l", "cost"),
    repairers(5, "l", "lq", "cost"),  # nobody waits
    repairers(3, "lq"),
    repairers(4, "lq", fast=True),
    Case("machine-repair", "machine-repair", (), 200, 10_200, (
        row_check("M3", "mean_number", of="in system"), row_check("M4", "starts_per_hour"),
    )),
    Case("closed-network", "closed-network", (), 100, 2100, (
        row_check("M1", "starts_per_hour", line="front_desk"),
        row_check("M2", "mean_number", of="at station", line="front_desk"),
    )),
]  # fmt: skip

CASES = (*PRIORITIES, *NETWORKS, *POPULATIONS)

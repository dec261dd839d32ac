"""The small set of CI: shares and counts settle sooner than waits at a high load."""

from tests.oracles.erlang import erlang_a, erlang_b
from tests.oracles.priorities import mmc_preemptive, mmc_waiting
from tests.oracles.recompute import mg1_wq
from tests.theory.cases import Case, formula, row_check

QUICK = (
    Case("quick-mmc", "mmc", (), 5000, 65_000, (row_check("P-7A-1", "delayed", 1),)),
    Case("quick-mg1", "mg1-det", ("sources.calls.rate=0.625/h",), 500, 10_500, (
        formula("G2", lambda: mg1_wq("fixed", 0.625, 0.8), "wait"),
    )),
    Case("quick-blocking", "erlang-b", (
        "pools.servers.staff=6", "requests.call.work={lognormal: {mean: 1 h, cv: 1}}",
    ), 20, 520, (formula("B1", lambda: erlang_b(6, 10), "lost"),)),
    Case("quick-erlang-a", "erlang-a", ("pools.servers.staff=6",), 20, 270, (
        formula("A2", lambda: erlang_a(20, 2, 1.5, 6)["p_abandon"], "lost"),
        formula("A3", lambda: erlang_a(20, 2, 1.5, 6)["wq"], "wait_of_all"),
    )),
    Case("quick-priorities", "priority-mm1", (
        "sources.urgent_calls.rate=0.2/h", "sources.ordinary_calls.rate=0.3/h",
    ), 200, 5200, (
        formula("P-7A-14", lambda: 1 + float(mmc_waiting([0.2, 0.3], 1, 1)[0]), "sojourn",
                name="urgent"),
    )),
    Case("quick-preemptive", "priority-mm1-preemptive", (
        "sources.urgent_calls.rate=0.2/h", "sources.ordinary_calls.rate=0.3/h",
    ), 200, 5200, (
        formula("P-7A-15", lambda: float(mmc_preemptive([0.2, 0.3], 1, 1)[1]), "sojourn",
                name="ordinary"),
    )),
    Case("quick-machines", "machine-interference", (), 200, 5200, (
        row_check("P-7A-13", "mean_number", 1, of="in system"),
    )),
    Case("quick-mt-m-inf", "mt-m-inf", (), 0, 9.01, (
        row_check("I2", "number_at", of="in system", hour=9),
    )),
)  # fmt: skip

QUICK_FAMILY = sum(len(case.checks) for case in QUICK)
"""Number of comparisons of the small set."""

PLANTED = {
    # Service that is 5 % longer, or people who come 5 % more often: the value moves as much.
    "quick-blocking": "sources.calls.rate=10.5/h",
    "quick-machines": "requests.failure.work={exponential: 4.5 h}",
    "quick-mt-m-inf": "sources.calls.rate=10.5/h",
}
"""By case: an override that stands in for a fault."""

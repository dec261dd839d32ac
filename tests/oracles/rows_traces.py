"""Rows of the table: hand-checked traces (exact equality) and laws between runs."""

from tests.oracles.table import OracleRow

TRACES: tuple[OracleRow, ...] = (
    OracleRow(
        "P-7C-1",
        "trace",
        "first come first served, cut at the horizon",
        "one server; arrivals 3, 11, 13, 14, 17, 19, 21, 27; services 4, 4, 4, 3, 2, 4, 3; "
        "stop at 31; the eighth is still waiting and counts in L and Lq",
        "waits of the seven; W; Wq; L; Lq; busy share",
        (0, 0, 2, 5, 5, 5, 7, 48 / 7, 24 / 7, 52 / 31, 28 / 31, 24 / 31),
        "KSLBook ch. 4",
    ),
    OracleRow(
        "P-7C-2",
        "trace",
        "reneging",
        "one server, service 10, patience 3, arrivals 1, 2, 3, 4",
        "three leave at; mean time in system",
        (5, 6, 7, 19 / 4),
        "KSL StationRenegeBalkTest",
    ),
    OracleRow(
        "P-7C-3",
        "trace",
        "two renege at one instant",
        "arrivals 4 and 5, patience 7 and 6, server busy throughout",
        "they leave at",
        (11, 11),
        "Ciw test_simultaneous_reneging",
    ),
    OracleRow(
        "P-7C-4",
        "trace",
        "balking at two waiting",
        "one server, service 10, arrivals 1, 2, 3, 4, 5",
        "served; balked",
        (3, 2),
        "KSL StationRenegeBalkTest",
    ),
    OracleRow(
        "P-7C-5",
        "trace",
        "balking at three present",
        "one server, service 21, arrivals every 5, to 51",
        "balk at; the served start at; their waits",
        (20, 25, 35, 40, 45, 5, 26, 0, 16),
        "Ciw test_baulking",
    ),
    OracleRow(
        "P-7C-6",
        "trace",
        "no staff in [0, 5)",
        "service 1, arrivals 1, 2, 3; then capacity 1, or 2",
        "mean time with capacity 1; with 2",
        (5, 13 / 3),
        "KSL StationResourceScheduleTest",
    ),
    OracleRow(
        "P-7C-7",
        "trace",
        "shift end: restart, resume, resample",
        "on duty 0-5, off 5-9, then on; arrival 1, service 10, next draw 20",
        "leaves with restart; resume; resample",
        (19, 15, 29),
        "Ciw test_preemptive_schedules_resume_options",
    ),
    OracleRow(
        "P-7C-8",
        "trace",
        "priority without preemption",
        "low arrive 1.5 and 5, service 5; high arrives 7.5, service 4",
        "starts of low, low, high",
        (1.5, 6.5, 11.5),
        "Ciw test_preemptive_priorities",
    ),
    OracleRow(
        "P-7C-9",
        "trace",
        "priority with preemption, restart",
        "as P-7C-8",
        "high starts; second low restarts; second low ends",
        (7.5, 11.5, 16.5),
        "Ciw test_preemptive_priorities",
    ),
    OracleRow(
        "P-7C-10",
        "trace",
        "priority with preemption: restart, resume, resample",
        "low arrives 1, service 6, next draw 3; high arrives 3, service 10",
        "low leaves with restart; resume; resample",
        (19, 17, 16),
        "Ciw test_preemptive_priorities_resume_options",
    ),
    OracleRow(
        "P-7C-11",
        "trace",
        "breakdown: resume, or finish first",
        "fails 2 after each start, repair 3; arrival 1, service 4",
        "resume: leaves; time in system; failures; finish first: time in system",
        (11, 10, 2, 4),
        "KSL StationPreemptResumeTest",
    ),
)


def _law(number: int, model: str, parameters: str, source: str) -> OracleRow:
    return OracleRow(f"P-7E-{number}", "structural", model, parameters, "", (), source)


STRUCTURAL: tuple[OracleRow, ...] = (
    _law(
        1,
        "upstream invariance",
        "changing a downstream capacity leaves every upstream column bit-identical",
        "treat-sim v2, Table 3",
    ),
    _law(
        2,
        "conservation",
        "Little's law per stage with time-weighted L; state times sum to the lifetime; "
        "work is conserved",
        "Little 1961",
    ),
    _law(
        3,
        "common random numbers pay",
        "one fast or two slow servers, first 100 delays: mean 4.130 and 3.709; with common "
        "numbers the wrong ranking all but vanishes and the variance ratio is about 300",
        "Law, Simulation Modeling and Analysis; SSJ inventory example",
    ),
    _law(
        4,
        "monotone in staff",
        "one class, first come first served, common numbers: more staff never lengthens a wait",
        "sample-path coupling",
    ),
    _law(
        5,
        "scaling",
        "doubling all time units doubles all times; splitting one Poisson class into two "
        "identical ones changes no total in distribution",
        "dimension; Poisson splitting",
    ),
    _law(
        6,
        "peace equals war when the switch changes nothing",
        "the logs are bit-identical",
        "this project",
    ),
)

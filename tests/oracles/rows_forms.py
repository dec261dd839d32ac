"""Rows of the table: closed forms and exact solvers, each computed in two ways."""

from tests.oracles.table import Kind, OracleRow

ERLANG = "Erlang 1917"
IMPATIENCE = "Zeltyn & Mandelbaum, Queueing Systems 51 (2005) 361-402"
PK = "Pollaczek 1930, Khintchine 1932"
KLEINROCK = "Kleinrock, Queueing Systems I-II"
COBHAM = "Cobham, Oper. Res. 2 (1954) 70-76"
WHITE = "White & Christie, Oper. Res. 6 (1958)"
KELLA = "Kella & Yechiali 1985"
BUZEN_BONDI = "Buzen & Bondi, Oper. Res. 31 (1983)"
JACKSON = "Jackson 1957, 1963"
CLOSED = "Reiser & Lavenberg, JACM 27 (1980); Buzen, CACM 16 (1973)"
UNLIMITED = "Eick, Massey & Whitt, Oper. Res. 41 (1993); Mgmt Sci. 39 (1993)"
UNIFORMISATION = "Jensen 1953; Ingolfsson et al., INFORMS JoC 19 (2007) 201-214"

MM10, MM10_AT = "M/M/10", "λ 20, μ 2.2"
MM9M, MM9M_AT = "M/M/9+M (Erlang A)", "λ 20, μ 2, θ 1.5"
MM9D, MM9D_AT = "M/M/9+D", "λ 20, μ 2, patience exactly 0.5"
THREE = "λ 0.2, 0.3, 0.25; service exponential mean 0.5, fixed 0.8, gamma shape 2 mean 1.6"
FOUR_STATIONS = (
    "γ 4 at station 1; 1→2 0.7, 1→3 0.3, 2→4 0.8, 3→4 0.9, 4→1 0.15, 4→2 0.05; "
    "μ 3, 2, 1, 2.5; c 2, 3, 3, 3"
)
SINE = "λ(t) = 10 (1 + 0.6 sin(2πt/24)), "
HOURS = "hours with λ 20, 45, 30, 10 and c 6, 12, 12, 6; μ 4; from empty; staff put cases back"

_STATIONARY: tuple[tuple[str, str, str, str, float, str], ...] = (
    ("B1", "M/G/12/12", "a = 10", "P(block)", 0.11973919, ERLANG),
    ("C1", MM10, MM10_AT, "P(wait)", 0.69592266, ERLANG),
    ("C2", MM10, MM10_AT, "Wq", 0.34796133, ERLANG),
    ("C3", MM10, MM10_AT, "P(Wq > 0.25)", 0.42209843, ERLANG),
    ("C4", MM10, MM10_AT, "P(W > 1)", 0.29860024, ERLANG),
    ("A1", MM9M, MM9M_AT, "P(wait)", 0.70535619, IMPATIENCE),
    ("A2", MM9M, MM9M_AT, "P(abandon)", 0.17021905, IMPATIENCE),
    ("A3", MM9M, MM9M_AT, "E wait, served and lost", 0.11347937, IMPATIENCE),
    ("A4", MM9M, MM9M_AT, "P(offered wait > 0.2)", 0.30028040, IMPATIENCE),
    ("A5", MM9D, MM9D_AT, "P(abandon)", 0.13041680, IMPATIENCE),
    ("A6", MM9D, MM9D_AT, "E wait, served and lost", 0.28110787, IMPATIENCE),
    ("K1", "M/M/3/8", "λ 6, μ 2", "P(block)", 0.12676056, ERLANG),
    ("K2", "M/M/3/8", "λ 6, μ 2", "Wq of the accepted", 0.36290323, ERLANG),
    ("G1", "M/M/1 as M/G/1", "λ 1, E S 0.8", "Wq", 3.2, PK),
    ("G2", "M/D/1", "λ 1, S 0.8", "Wq", 1.6, PK),
    ("G3", "M/E2/1", "λ 1, E S 0.8", "Wq", 2.4, PK),
    ("G4", "M/lognormal/1", "λ 1, E S 0.8, scv 4", "Wq", 8.0, PK),
    ("G5", "M/E2/1", "λ 1, E S 0.8", "Var Wq", 8.32, PK),
    (
        "F1",
        "M/E2/1 with rework to the tail of the line",
        "λ 1, E S 0.6, return probability 0.2",
        "W in total",
        2.55,
        "Takács, BSTJ 42 (1963) 505-519",
    ),
    (
        "V1",
        "M/E2/1, server away while the line is empty",
        "λ 1, E S 0.8, absences exponential mean 1, repeated",
        "Wq",
        3.4,
        "Fuhrmann & Cooper, Oper. Res. 33 (1985)",
    ),
    (
        "V2",
        "M/M/1 with breakdowns, work resumed",
        "λ 0.5, μ 1, fails at 0.1 whenever up, repair exponential mean 2",
        "W",
        3.83333333,
        "Avi-Itzhak & Naor, Oper. Res. 11 (1963)",
    ),
    (
        "P0",
        "M/M/1, shortest job first, non-preemptive",
        "λ 0.8, μ 1",
        "Wq",
        1.88221862,
        "Phipps, Oper. Res. 4 (1956)",
    ),
    (
        "P1",
        "processor sharing, two types",
        "λ 0.3 with mean 1, λ 0.1 with mean 5",
        "W of a long job of size 5",
        25.0,
        KLEINROCK,
    ),
    ("S1", "D/M/1", "gap 1.25, μ 1", "Wq", 1.69273084, KLEINROCK),
    ("S2", "E2/M/1", "mean gap 1.25, μ 1", "Wq", 2.84397977, KLEINROCK),
    (
        "S3",
        "batch arrivals, M/M/1",
        "batches at 0.2, geometric mean 3, μ 1",
        "W",
        7.5,
        KLEINROCK,
    ),
    (
        "H1",
        "M/M/1 with retrials, no waiting room",
        "λ 0.6, μ 1, each retries at 0.5",
        "mean number in orbit",
        2.7,
        "Falin & Templeton, Retrial Queues (1997)",
    ),
    (
        "T1",
        "backlog of 50 in M/M/1",
        "λ 0.7, μ 1",
        "mean time to empty",
        166.66666667,
        KLEINROCK,
    ),
    (
        "T2",
        "backlog of 50 in M/M/1",
        "λ 0.7, μ 1",
        "sd of time to empty",
        56.10836077,
        KLEINROCK,
    ),
    (
        "J0",
        "fork-join over two M/M/1",
        "λ 0.7, μ 1",
        "mean time to join",
        4.70833333,
        "Flatto & Hahn 1984; Nelson & Tantawi, IEEE TC 37 (1988)",
    ),
    ("N1", "M/G/1, priorities, non-preemptive", THREE, "Wq of class 1", 0.69555556, COBHAM),
    ("N2", "M/G/1, priorities, non-preemptive", THREE, "Wq of class 2", 1.05387205, COBHAM),
    ("N3", "M/G/1, priorities, non-preemptive", THREE, "Wq of class 3", 3.64801865, COBHAM),
    ("R1", "M/G/1, priorities, preemptive-resume", THREE, "W of class 1", 0.55555556, WHITE),
    ("R2", "M/G/1, priorities, preemptive-resume", THREE, "W of class 2", 1.13468013, WHITE),
    ("R3", "M/G/1, priorities, preemptive-resume", THREE, "W of class 3", 6.07226107, WHITE),
    (
        "Q1",
        "M/M/4, priorities, non-preemptive",
        "λ 3, 4, μ 2",
        "Wq of class 1",
        0.14757222,
        KELLA,
    ),
    (
        "Q2",
        "M/M/4, priorities, non-preemptive",
        "λ 3, 4, μ 2",
        "Wq of class 2",
        1.18057775,
        KELLA,
    ),
    (
        "Q3",
        "M/M/4, priorities, preemptive-resume",
        "λ 3, 4, μ 2",
        "W of class 1",
        0.51491713,
        BUZEN_BONDI,
    ),
    (
        "Q4",
        "M/M/4, priorities, preemptive-resume",
        "λ 3, 4, μ 2",
        "W of class 2",
        1.78006907,
        BUZEN_BONDI,
    ),
    ("J1", "Jackson network", FOUR_STATIONS, "throughput of station 1", 4.59605027, JACKSON),
    ("J2", "Jackson network", FOUR_STATIONS, "time in system", 2.31800875, JACKSON),
    (
        "J3",
        "Erlang-R: return after a delay",
        "λ 3, μ 1.5, c 4, return 0.4 after a delay of mean 10",
        "time in system",
        8.87398053,
        "Yom-Tov & Mandelbaum, M&SOM 16 (2014)",
    ),
    (
        "M1",
        "closed network",
        "N 20; demand 0.5 (1 server), 0.8 (2), 3 (delay)",
        "throughput",
        1.97593168,
        CLOSED,
    ),
    (
        "M2",
        "closed network",
        "N 20; demand 0.5 (1 server), 0.8 (2), 3 (delay)",
        "L of station 1",
        10.25625974,
        CLOSED,
    ),
    ("M3", "machine repair", "N 10, fail 0.1, μ 0.5, c 2", "mean down", 2.40372153, CLOSED),
    ("M4", "machine repair", "N 10, fail 0.1, μ 0.5, c 2", "throughput", 0.75962785, CLOSED),
    (
        "X1",
        "N-model: pool A class 1, pool B both, class 2 first",
        "λ 3, 2, μ 1, A 3, B 4, buffers 20",
        "Lq of class 1",
        0.56106879,
        "generator solve",
    ),
    (
        "X2",
        "N-model: pool A class 1, pool B both, class 2 first",
        "λ 3, 2, μ 1, A 3, B 4, buffers 20",
        "Lq of class 2",
        0.44761264,
        "generator solve",
    ),
)

_TIME_VARYING: tuple[tuple[str, str, str, str, float, str], ...] = (
    ("I1", "Mt/M/inf, periodic", SINE + "μ 0.25", "m(9)", 56.57050375, UNLIMITED),
    ("I2", "Mt/M/inf, empty at 0", SINE + "μ 0.25", "m(9)", 53.61798166, UNLIMITED),
    ("I3", "Mt/D/inf, empty at 0", SINE + "S 4", "m(9)", 62.13738927, UNLIMITED),
    (
        "I4",
        "Mt/lognormal/inf, empty at 0",
        SINE + "E S 4, scv 1",
        "m(9)",
        54.01009884,
        UNLIMITED,
    ),
    (
        "I5",
        "rework after a delay, unlimited staff, empty at 0",
        SINE + "μ 0.25, return 0.3 after a delay of mean 10",
        "m(24) at work",
        39.02036425,
        UNLIMITED,
    ),
    (
        "I6",
        "rework after a delay, unlimited staff, empty at 0",
        SINE + "μ 0.25, return 0.3 after a delay of mean 10",
        "m(24) in the delay",
        28.08765166,
        UNLIMITED,
    ),
    ("U1", "Mt/M/ct", HOURS, "E N(4)", 2.98133717, UNIFORMISATION),
    ("U2", "Mt/M/ct", HOURS, "E Q(4)", 0.18505645, UNIFORMISATION),
    ("U3", "Mt/M/ct", HOURS, "share delayed", 0.30495772, UNIFORMISATION),
    (
        "U4",
        "Mt/M/ct, staff finish their case",
        "as U1, last hour λ 20, c 4",
        "E N(4)",
        11.18110527,
        UNIFORMISATION,
    ),
    (
        "U5",
        "Mt/M/ct, staff put the case back",
        "as U1, last hour λ 20, c 4",
        "E N(4)",
        12.64861753,
        UNIFORMISATION,
    ),
    (
        "U6",
        "Mt/M/ct+M",
        HOURS + "; patience θ 2",
        "E abandoned in 4 h",
        3.63481518,
        UNIFORMISATION,
    ),
)

# The rows U4 and U6 under the rules of this program, which differ from those of their source.
_OUR_RULES: tuple[tuple[str, str, str, str, float, str], ...] = (
    (
        "O-U4",
        "Mt/M/ct, the staff who leave are named at the cut and finish their case",
        "as U4, but those who stay serve the line meanwhile (U4 begins no new case until fewer "
        "than 4 are busy)",
        "E N(4)",
        9.59692518,
        UNIFORMISATION,
    ),
    (
        "O-U6",
        "Mt/M/ct+M, cases put back do not abandon",
        "as U6, but a case that was begun stands first and its patience has ended (in U6 it "
        "abandons like any other)",
        "E abandoned in 4 h",
        3.38221389,
        UNIFORMISATION,
    ),
)


def _rows(
    kind: Kind, table: tuple[tuple[str, str, str, str, float, str], ...]
) -> list[OracleRow]:
    return [
        OracleRow(key, kind, model, parameters, quantity, (value,), source)
        for key, model, parameters, quantity, value, source in table
    ]


FORMS: tuple[OracleRow, ...] = (
    *_rows("stationary", _STATIONARY),
    *_rows("time-varying", _TIME_VARYING),
    *_rows("time-varying", _OUR_RULES),
)

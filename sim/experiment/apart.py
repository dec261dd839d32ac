"""Playing a large plan island by island, so that neither its demand nor its log is ever whole.

An island is drawn, played, measured and forgotten; only its account is kept. As islands share
nothing, they play side by side, and the figures are those of the whole, bit for bit
(docs/decisions/0018-islands.md).
"""

import hashlib
import time
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from sim.demand.trace import draw_trace
from sim.engine import EngineName, play
from sim.eventlog import EventLog, Requests
from sim.metrics.account import Account, slim_account
from sim.metrics.combine import Piece, whole_account
from sim.metrics.measured import Measured
from sim.plan.codes import Code
from sim.plan.excerpt import Kept, excerpt, kept_of, new_numbers
from sim.plan.islands import Islands, Sizes, expected_requests, islands
from sim.plan.layout import Plan

GATES = (Code.GATE_TURNED, Code.GATE_WAIT, Code.GATE_PASS, Code.GATE_REFUSE, Code.GATE_NEXT)
ACCOUNTS = (Code.PAY, Code.EMPTY, Code.REFILL)


class PlayedIsland(NamedTuple):
    """What one island of one replication leaves behind."""

    replication: int
    island: int
    account: Account
    digest: str
    events: int
    seconds: float


def division(plan: Plan, sizes: Sizes) -> Islands | None:
    """The islands in which a plan is played; None where it is played whole.

    The plan alone decides, so that its digests are always made in the same way.
    """
    if expected_requests(plan) < sizes.plan:
        return None
    found = islands(plan, sizes.island)
    return found if found.number > 1 else None


def play_island(
    plan: Plan,
    found: Islands,
    drawn: tuple[int, int],
    island: int,
    engine: EngineName,
) -> PlayedIsland:
    """Draw, play and measure one island; `drawn` is seed and replication."""
    begun = time.perf_counter()
    part = excerpt(plan, found, island).plan
    trace = draw_trace(part, *drawn, with_draws=engine == "reference")
    log = play(part, trace, engine)
    measured = Measured(log, part, found.level, is_piece=True)
    return PlayedIsland(
        drawn[1],
        island,
        slim_account(measured.account),
        log.digest(),
        log.n_rows,
        time.perf_counter() - begun,
    )


def measured_whole(plan: Plan, found: Islands, played: Iterable[PlayedIsland]) -> Measured:
    """All islands of one replication as one run without a log."""
    pieces = [Piece(kept_of(plan, found, one.island), one.account) for one in played]
    return Measured(None, plan, found.level, whole_account(plan, found.level, pieces))


def joint_digest(digests: Sequence[str]) -> str:
    """One digest of all islands' logs, in order of number."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def digest_of(log: EventLog, plan: Plan, sizes: Sizes) -> str:
    """The digest of a log that was played whole, made as if it had been played in islands."""
    found = division(plan, sizes)
    if found is None:
        return log.digest()
    kept = (kept_of(plan, found, island) for island in range(found.number))
    return joint_digest([log_of_island(log, plan, each).digest() for each in kept])


def log_of_island(log: EventLog, plan: Plan, kept: Kept) -> EventLog:
    """The rows of a log that belong to an island, in the island's numbers."""
    place = new_numbers(kept.places, len(plan.place_parent))
    inside = place[log.requests.place] >= 0
    request = new_numbers(np.flatnonzero(inside), len(inside))
    rows = np.flatnonzero(place[log.place] >= 0)
    some = EventLog._make([*(column[rows] for column in log[:-1]), log.requests])
    ordinal, at_gate = some.ordinal.copy(), np.isin(some.code, GATES)
    if len(plan.gate_type):
        at_gate |= (some.code == Code.WITHDRAW) & (some.line < 0)
    ordinal[at_gate] = new_numbers(kept.gates, len(plan.gate_type))[ordinal[at_gate]]
    paid = np.isin(some.code, ACCOUNTS)
    ordinal[paid] = new_numbers(kept.accounts, len(plan.account_type))[ordinal[paid]]
    columns = Requests._make(column[inside] for column in log.requests)
    return some._replace(
        request=request[some.request],
        ordinal=ordinal,
        place=place[some.place],
        pool=new_numbers(kept.pools, len(plan.pool_type))[some.pool],
        line=new_numbers(kept.lines, len(plan.line_type))[some.line],
        worker=new_numbers(kept.workers, len(plan.worker_pool))[some.worker],
        requests=columns._replace(place=place[columns.place]),
    )

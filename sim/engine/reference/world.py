"""The state of one replication, and the rows it writes.

Everything a handler may change is here, in plain lists indexed by the numbers of the plan.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.demand.layout import DemandTrace
from sim.engine.reference.calendar import Calendar, Signal
from sim.eventlog import COLUMNS, DTYPES, EventLog, Requests
from sim.plan.codes import Code, Phase, Trigger
from sim.plan.layout import Plan

NOBODY = -1
NOWHERE = -1
PACK_ROW = struct.Struct(f"<{len(COLUMNS)}q").pack
WAITING, RUNNING, KEPT, HELD, OVER, CANCELLED = range(6)
"""States of a task: in its line; in work; paused with its worker; suspended; ended or between
two of these; withdrawn from its join."""


@dataclass(slots=True, eq=False)
class Request:
    """One request (or duty) on its way through its flow."""

    number: int
    reported_at: int
    request_class: int
    source: int
    place: int
    household: int
    level: int
    ordinal: int
    key: int
    draws: int = -1
    """Where its first draws begin in the trace; -1: born in the run."""
    priority: int = 0
    override: int = 1_000
    """Most urgent priority that a timer has given it."""
    signal: Signal | None = None
    """What its process waits for."""
    task: "Task | None" = None
    joint: "Joint | None" = None
    """The join that it is in; its tasks stand there."""
    step: int = -1
    redirect: int = -1
    """Step that a timer wants next, once running work has ended."""
    waits: int = 0
    entries: int = 0
    closings: int = 0
    closed_at: int = -1
    reworks: int = 0
    misroutings: int = 0
    accepted: bool = False
    is_open: bool = True
    is_over: bool = False
    diverted: bool = False
    limit: int = -1
    limit_clock: int = -1
    """Rota group of the clock that the limit had at the report, -1 for calendar time."""
    post: int = -1
    """Post that this duty stands for."""
    gate: int = NOWHERE
    """Gate at which it waits for a session."""
    gate_since: int = 0
    visits: dict[int, int] = field(default_factory=dict)
    hearings: dict[int, int] = field(default_factory=dict)
    """By gate step: how often a session has heard it."""
    ballots: dict[int, "Ballot"] = field(default_factory=dict)
    """By vote step: the vote that is not decided yet."""
    armings: dict[int, int] = field(default_factory=dict)
    """How often each timer was armed."""
    settings: dict[int, int] = field(default_factory=dict)
    """How often each timer's alarm was set: only the last setting counts."""
    armed: dict[int, "Alarm"] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Hazard:
    """One latent problem, until it is known; fields in the order of the demand's table."""

    number: int
    born_at: int
    source: int
    place: int
    household: int
    ordinal: int
    rounds: int
    """Completed rounds that it still takes to find it."""
    surfacing: int
    key: int


@dataclass(slots=True, eq=False)
class Alarm:
    """An armed timer."""

    stamp: int
    due: int
    amount: int
    """Time still to run on its clock when it was last set."""
    since: int
    clock: int
    """Rota group of the clock, -1 for calendar time."""


@dataclass(slots=True, eq=False)
class Ballot:
    """A vote so far."""

    rounds: int = 0
    consenting: set[int] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Task:
    """One piece of work of a request, from its entry into a line to its end."""

    request: Request
    step: int
    line: int
    since: int
    rest: int
    visit: int
    state: int = WAITING
    priority: int = 0
    owner: int = NOBODY
    """The only worker who may resume it, once it has begun."""
    worker: int = NOBODY
    begun: bool = False
    started_at: int = 0
    productivity: int = 1000
    joint: "Joint | None" = None
    """The join that it is a part of."""


@dataclass(slots=True, eq=False)
class Joint:
    """A join, from the first call until it is done or has failed."""

    request: Request
    step: int
    number: int
    need: int
    since: int = 0
    visit: int = 0
    """Ordinal of the draws of this visit."""
    rounds: int = 0
    is_called: bool = False
    """Whether no further call is to come."""
    patience: int = 0
    """Which of the request's waits its patience is."""
    heard: dict[int, tuple[int, int]] = field(default_factory=dict)
    """By part that has heard the call: the round and the instant of that call."""
    present: dict[int, int] = field(default_factory=dict)
    """By part that has answered: its line."""
    due: dict[int, int] = field(default_factory=dict)
    """By wait: the part whose answer is due, or the next round."""
    tasks: list[Task] = field(default_factory=list)
    """Tasks that have not ended, in order of entry."""
    ended: int = 0
    is_closing: bool = False
    """Whether the request goes elsewhere once work under way has ended."""
    is_over: bool = False


def tasks_of(request: Request) -> list[Task]:
    """The tasks of a request that have not ended."""
    if request.joint is not None:
        return request.joint.tasks
    return [] if request.task is None else [request.task]


def visit_number(request: Request, step: int) -> int:
    """Which visit of the step this is, from 0; the next one has the next number."""
    visit = request.visits.get(step, 0)
    request.visits[step] = visit + 1
    return visit


class Lists:
    """The arrays of a plan as Python lists, which plain Python reads several times faster."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as the plan's fields differ
        value = getattr(self._plan, name)
        value = value.tolist() if isinstance(value, np.ndarray) else value
        setattr(self, name, value)
        return value


def _subtree_ends(plan: Plan) -> list[int]:
    """One past the last place below each place; places are numbered depth first."""
    ends = [place + 1 for place in range(len(plan.place_parent))]
    for place in range(len(ends) - 1, 0, -1):
        parent = int(plan.place_parent[place])
        ends[parent] = max(ends[parent], ends[place])
    return ends


class World:
    """All state of one replication."""

    def __init__(self, plan: Plan, trace: DemandTrace) -> None:
        self.plan: Any = Lists(plan)
        self.key0, self.key1 = trace.key0, trace.key1
        self.tick = plan.tick
        self.draw_ptr: list[int] = trace.draw_ptr.tolist()
        self.draw: list[int] = trace.draw.tolist()
        self.calendar = Calendar()
        self.rows = bytearray()
        """Rows of the log, as raw 64-bit integers: packing is three times an array's speed."""
        self.requests: dict[int, Request] = {}
        """Requests on their way, by number."""
        self.n_requests = len(trace.requests.key)
        self.born: list[Request] = []
        """Requests that came about in the run, in order of number."""
        self.known: list[list[int]] = [column.tolist() for column in trace.requests]
        self.trace = trace
        self._nothing_latent_yet(plan, trace)

        self._no_modes_yet(plan)
        self._nobody_there_yet(plan)
        self._nothing_reviewed_yet(plan)
        self.waiting: list[list[tuple[int, int, int, int, Task]]] = [
            [] for _ in range(len(plan.line_type))
        ]
        self.waiting_count = [0] * len(plan.line_type)
        self.pushes = 0
        self.timers_of: dict[tuple[int, int], list[int]] = {}
        """By class and what arms them: timers."""
        self.held: list[Task] = []
        self.gathering: list[Joint] = []
        """Joint tasks whose members have not come together yet."""
        self.response_level = [0] * len(plan.line_type)
        """By line: row of `plan.join_response`."""
        self.at_gate: list[list[Request]] = [[] for _ in range(len(plan.gate_type))]
        """By gate: who waits for a session."""
        self.balance: list[int] = plan.account_balance[plan.account_type].tolist()
        """By account: fen in it."""
        self.delays: dict[int, tuple[int, int]] = {}
        """By request in a delay: which of its waits it is, and the step that follows."""

    def _nothing_latent_yet(self, plan: Plan, trace: DemandTrace) -> None:
        self.latent: list[list[int]] = [column.tolist() for column in trace.hazards]
        self.hazard_row = {
            source: row for row, source in enumerate(plan.hazard_source.tolist())
        }
        """By source: its row among the sources of hazards."""
        self.hazards: dict[int, Hazard] = {}
        """Hazards that nobody knows of, by number."""
        self.undiscovered: dict[tuple[int, int], dict[int, Hazard]] = {}
        """By class of patrol and place of its rounds: hazards that the next one may find."""

    def _no_modes_yet(self, plan: Plan) -> None:
        self.scope_mode = [0] * len(plan.place_parent)
        self.called: dict[int, tuple[int, int]] = {}
        """By scope: the mode called for and when it comes into force."""
        self.leave_at: dict[int, int] = {}
        self.activation: list[int] = plan.mode_activation.tolist()
        """By mode: time from a call to its coming into force, after the drills so far."""
        self.place_end = _subtree_ends(plan)
        self.place_mode = [0] * len(plan.place_parent)
        self.pool_mode = [0] * len(plan.pool_type)
        self.scopes: dict[int, list[int]] = {}
        """Places by level, for modes that are switched place by place."""
        self.servers: dict[int, list[tuple[int, int]]] = {}
        """By line: (rank, pool) of the pools that serve it now; emptied when modes change."""
        self.served: dict[int, list[tuple[int, int]]] = {}
        """By pool: (line, rank) of the lines it serves now; emptied when modes change."""
        self.state_count: dict[tuple[int, int], int] = {}
        """By (state rule, scope): the count that the rule looks at."""
        self.state_true_since: dict[tuple[int, int], int] = {}
        triggers = [*plan.mode_enter, *plan.mode_leave]
        self.state_rules = [n for n, kind in enumerate(triggers) if kind == Trigger.STATE]

    def _nobody_there_yet(self, plan: Plan) -> None:
        workers = len(plan.worker_pool)
        groups = len(plan.group_ptr) - 1
        self.posted = [False] * workers
        self.mobilising = [False] * workers
        self.called_up = [0] * workers
        """How often each worker has been mobilised."""
        self.on_duty = [False] * workers
        self.off_since = [-1] * workers
        """Shift end that a worker who finishes a task has passed, -1 none."""
        self.leaving = [False] * workers
        self.task: list[Task | None] = [None] * workers
        self.kept: list[Task | None] = [None] * workers
        self.reserved: dict[int, list[Task]] = {}
        """Interrupted tasks that only this worker may resume."""
        self.idle_since = [-1] * workers
        self.starts = [0] * workers
        self.idle: list[list[tuple[int, int]]] = [[] for _ in range(len(plan.pool_type))]
        """By pool: (idle since, worker), with lazy removal."""
        self.group = [-1] * workers
        self.members: list[set[int]] = [set() for _ in range(groups)]

    def _nothing_reviewed_yet(self, plan: Plan) -> None:
        workers, subjects = len(plan.worker_pool), len(plan.subject_place)
        self.pace = [1000] * workers
        """Own pace of each worker, per mille of the pool's."""
        self.pool_pace = [1000] * len(plan.pool_type)
        self.fatigue = [0] * workers
        self.service = [1 << 40] * workers
        """Weeks since each began as a newcomer; those who are there at time 0 have learnt."""
        self.duty_since = [0] * workers
        self.on_duty_this_week = [0] * workers
        """Time on duty in stretches that ended since the last Monday."""
        self.person = [0] * workers
        """How many have left each post for good."""
        self.quitting = [False] * workers
        self.refill = [False] * workers
        """Whether the post of somebody who quits goes to a newcomer."""
        self.hiring = [-1] * workers
        """Law of the time until that newcomer is there."""
        self.newcomer = [False] * workers
        posts = len(plan.post_place)
        self.post_request: list[Request | None] = [None] * posts
        """By post: the duty that stands for it while it is open."""
        self.openings = [0] * posts
        self.vacant_since = [0] * posts
        self.level = [
            int(plan.review_most[review])
            for review in range(len(plan.review_effect))
            for _ in range(plan.review_first[review + 1] - plan.review_first[review])
        ]
        """By subject of a review: the level in force."""
        self.score = [0] * subjects
        self.base = [0] * subjects
        self.readers: dict[int, list[tuple[int, int]]] = {}
        """By what is counted: reviews and their readings."""
        self.rounds_of: dict[int, list[int]] = {}
        """By source: its rounds, where a review moves them."""
        self.last_worker: dict[int, int] = {}
        """By request: who worked on it last."""
        self.overdue: set[int] = set()
        """Requests whose limit has run out."""
        self.watch: Callable[..., None] | None = None
        """Told of every row that is written."""

    def log(  # noqa: PLR0913, PLR0917 - the columns of a row
        self,
        code: Code,
        place: int,
        request: int = -1,
        ordinal: int = 0,
        pool: int = -1,
        line: int = -1,
        worker: int = -1,
        amount: int = 0,
    ) -> None:
        """Write one row."""
        calendar = self.calendar
        self.rows += PACK_ROW(
            calendar.instant,
            calendar.phase,
            code,
            request,
            ordinal,
            place,
            pool,
            line,
            worker,
            self.place_mode[place],
            amount,
        )
        if self.watch is not None:
            self.watch(code, place, request, ordinal, worker, amount)

    def event_log(self) -> EventLog:
        """Everything written so far."""
        table = np.frombuffer(bytes(self.rows), dtype="<i8").reshape(-1, len(COLUMNS)).T
        rows = {
            name: column.astype(dtype)
            for (name, dtype), column in zip(DTYPES.items(), table, strict=True)
        }
        born = self.born
        columns = []
        for name, column in zip(Requests._fields, self.trace.requests, strict=True):
            added = np.array([getattr(request, name) for request in born], dtype=column.dtype)
            columns.append(np.concatenate([column, added]))
        return EventLog(**rows, requests=Requests(*columns))


__all__ = ["HELD", "KEPT", "NOBODY", "OVER", "RUNNING", "WAITING", "Alarm", "Phase", "Request"]

"""The tables of one replication: what the plan says and what changes during play.

Requests on their way live in slots that are used again, so that what is in play stays small
and near; a request's number leads to its slot through `slot_of`. A request has at most one
task, so the task's fields stand beside its own.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.fast.jit import PLAIN, table
from sim.errors import EngineError
from sim.eventlog import DTYPES

NARROW = np.int64 if PLAIN else np.int32
"""Numbers of things, counts and codes, where many of them are read. In functions they are as
wide as all others; in plain Python they stay wide, since NumPy's narrow ones never grow."""


def _record(fields: str, words: str = "", narrow: str = "") -> np.dtype[Any]:
    """What stands in a record: whole numbers, 64-bit words, and narrow whole numbers."""
    whole = [(name, np.int64) for name in fields.split()]
    keys = [(name, np.uint64) for name in words.split()]
    return np.dtype([*whole, *keys, *[(n, NARROW) for n in narrow.split()]], align=True)


CLOCK = _record(
    "instant phase end tick control begun n_rows n_events next n_known numbers"
    " n_far spare bucket edge width ahead ahead_bucket"
    " free n_free alive n_groups n_modes n_pools n_workers n_places verdict_rows rules"
    " most_timers n_loose overflow most_numbers n_gates n_accounts latent"
    " n_joins join_width gathering first_gathering last_gathering"
    " n_reviews n_readings week n_weeks n_posts n_hazards",
    words="key0 key1",
)
EVENT = _record("time key")
ENTRY = _record("time key after")
NODE = _record("minor", narrow="child after before major number")
LIFE = _record(
    "since rest started_at delay_until closed_at limit reported_at",
    words="key",
    narrow="number place request_class line visit state worker task_step"
    " task begun alarmed step redirect entries closings accepted arrived is_open asked draws"
    " priority task_priority productivity source"
    " onward level misroutings reworks override diverted gate joint post owner"
    " last_worker overdue limit_clock heard household ordinal",
)
ALARM = _record("due amount since", narrow="armed settings armings clock")
BORN = _record(
    "reported_at request_class source place household level ordinal post", words="key"
)
PLACE = _record(
    "called_due leave_at",
    words="key",
    narrow="mode parent level end scope_mode called before",
)
STEP = _record(
    "least most",
    words="key accept",
    narrow="kind line next other third draw local level cap same_worker claim review"
    " rise table first count own limit",
)
CLASS = _record(
    "cost",
    narrow="start preempts preemptible levels levels_end limit_start timers timers_end patrol"
    " armed_at",
)
CLASS_MODE = _record("limit", narrow="priority limit_clock suspended divert")
TIMER = _record(
    "every", words="key", narrow="law start until then to priority channel draw again"
)
LINE = _record("limit", narrow="root waiting first last response kind place")
SERVER = _record("", narrow="pool mode rank")
POOL = _record("", narrow="first_idle last_idle mode place first last leaves changed kind pace")
POOL_MODE = _record("", narrow="first last preference productivity shift_end staff")
SERVE = _record("", narrow="line rank")
WORKER = _record(
    "end_at idle_since off_since arrives_at",
    words="key",
    narrow="task pool idle_before idle_after benched on_duty kept reserved leaving pace group"
    " posted mobilising called_up adding member asked",
)
GROUP = _record("first last ordinal members members_end used")
STRETCH = _record("on off")
MODE = _record(
    "level activation mobilisation pause enter enter_at leave leave_at drill drill_end"
)
RULE = _record("trigger open above bound hold")
VERDICT = _record("edges delay")
SOURCE = _record("kind level law latent", words="key")
GATE = _record("batch kind next last waiting root")
ACCOUNT = _record("place balance refill carry next last")
HAZARD = _record("born_at source place household ordinal rounds surfacing turn latent", "key")
HAZARD_KIND = _record("patrol found surfaced law")
GROUND = _record("first last")
LINK = _record("before after")
JOIN = _record("first last together answer interval patience")
CALL = _record("line law", words="key")
JOINT = _record(
    "number step need since visit rounds is_called ended is_closing tasks tickets next_ticket"
    " patience gathers left right first last parent before after unneeded"
)
ANSWER = _record("call called_at at_once line ticket")
SEAT = _record("count part turn")
POST = _record("duty place home request openings vacant_since freed", "key")
CAREER = _record("fatigue service duty_since week person quitting refill hiring newcomer")
CAREER_KIND = _record(
    "is_any learning learning_end norm step recovery fatigue fatigue_end exit_law"
)
REVIEW = _record(
    "effect next end first last scaled share least law most above below line response pace"
    " rounds rounds_end"
)
SUBJECT = _record(
    "place pool worker group level score out_of rating going rounds seen want rest lacking turn"
)
READING = _record("read review weight divides")


def records(
    dtype: np.dtype[Any],
    shape: int | tuple[int, ...],
    **columns: Any,  # noqa: ANN401
) -> NDArray[Any]:
    """A table of records; columns that are not given are 0.

    Raises
    ------
    EngineError
        If a number does not fit.
    """
    made = np.zeros(shape, dtype)
    for name, values in columns.items():
        made[name] = values
        if not np.array_equal(made[name], np.broadcast_to(values, made.shape)):
            raise EngineError(f"{name}: too large a number for the fast engine")
    return made


clock = table("clock", CLOCK)
far = table("far", ENTRY)
buckets = table("buckets", NARROW)
log_time = table("log_time", DTYPES["time"])
log_phase = table("log_phase", DTYPES["phase"])
log_code = table("log_code", DTYPES["code"])
log_request = table("log_request", DTYPES["request"])
log_ordinal = table("log_ordinal", DTYPES["ordinal"])
log_place = table("log_place", DTYPES["place"])
log_pool = table("log_pool", DTYPES["pool"])
log_line = table("log_line", DTYPES["line"])
log_worker = table("log_worker", DTYPES["worker"])
log_mode = table("log_mode", DTYPES["mode"])
log_amount = table("log_amount", DTYPES["amount"])
events = table("events", EVENT)
slot_of = table("slot_of", NARROW)
lives = table("lives", LIFE)
queue = table("queue", NODE)
visits = table("visits", NARROW, ndim=2)
alarms = table("alarms", ALARM, ndim=2)
born = table("born", BORN)

known_at = table("known_at")
known_class = table("known_class")
known_source = table("known_source")
known_place = table("known_place")
known_household = table("known_household")
known_level = table("known_level")
known_ordinal = table("known_ordinal")
known_key = table("known_key", np.uint64)
draw_ptr = table("draw_ptr")
draws = table("draws")

places = table("places", PLACE)
place_at = table("place_at", ndim=2)
line_of = table("line_of", ndim=2)
laws = table("laws", ndim=2)
steps = table("steps", STEP)
step_law = table("step_law", ndim=2)
step_threshold = table("step_threshold", np.uint64, ndim=2)
branch_share = table("branch_share", np.uint64)
branch_step = table("branch_step")
classes = table("classes", CLASS)
class_modes = table("class_modes", CLASS_MODE, ndim=2)
class_level = table("class_level")
class_level_share = table("class_level_share", np.uint64)
timers = table("timers", TIMER)
timer_clock = table("timer_clock", ndim=2)
lines = table("lines", LINE)
servers = table("servers", SERVER)
pools = table("pools", POOL)
pool_modes = table("pool_modes", POOL_MODE, ndim=2)
serves = table("serves", SERVE)
workers = table("workers", WORKER)
worker_group = table("worker_group", ndim=2)
groups = table("groups", GROUP)
members = table("members")
stretches = table("stretches", STRETCH)
modes = table("modes", MODE)
rules = table("rules", RULE)
rule_class = table("rule_class", ndim=2)
rule_count = table("rule_count", ndim=2)
rule_since = table("rule_since", ndim=2)
verdicts = table("verdicts", VERDICT)
verdict_edge = table("verdict_edge", ndim=2)
verdict_resolved = table("verdict_resolved", np.uint64, ndim=2)
verdict_satisfied = table("verdict_satisfied", np.uint64, ndim=2)
verdict_unresolved = table("verdict_unresolved", np.uint64, ndim=2)
sources = table("sources", SOURCE)
gates = table("gates", GATE)
gate_of = table("gate_of", ndim=2)
gate_outcome = table("gate_outcome", np.uint64)
accounts = table("accounts", ACCOUNT)
account_of = table("account_of", ndim=2)
refill_at = table("refill_at")
hazards = table("hazards", HAZARD)
hazard_kinds = table("hazard_kinds", HAZARD_KIND)
hazard_levels = table("hazard_levels", ndim=2)
"""By kind of hazard: the levels of the rounds that may find it, -1 beyond the last."""
hazard_reporting = table("hazard_reporting", np.uint64, ndim=2)
grounds = table("grounds", GROUND, ndim=2)
"""By class of patrol and place: the hazards that its rounds may find, as a chain of links."""
links = table("links", LINK)
"""By hazard and level of its rounds: its neighbours in the chain of that ground."""

joins = table("joins", JOIN)
calls = table("calls", CALL)
join_response = table("join_response", np.uint64, ndim=2)
joints = table("joints", JOINT)
"""By slot: the join that a request is in, or whose part a task is; no rows without joins."""
answers = table("answers", ANSWER, ndim=2)
"""By slot and line called: what has come of the call."""
choices = table("choices", ndim=2)
seats = table("seats", SEAT)
"""By line called: workers who could be its member; and the search for who is."""

careers = table("careers", CAREER)
"""By worker: what changes over the weeks; the person may, the post does not."""
career_kinds = table("career_kinds", CAREER_KIND)
week_at = table("week_at")
learning_pace = table("learning_pace")
fatigue_pace = table("fatigue_pace")
exit_limit = table("exit_limit", np.uint64)
reviews = table("reviews", REVIEW)
review_at = table("review_at")
review_of_place = table("review_of_place", ndim=2)
review_of_worker = table("review_of_worker", ndim=2)
subjects = table("subjects", SUBJECT)
readings = table("readings", READING)
reading_class = table("reading_class", ndim=2)
rounds = table("rounds")
"""By review that moves rounds: their numbers among the requests of the trace."""
place_leaves = table("place_leaves", ndim=2)
leaf_place = table("leaf_place")
level_pace = table("level_pace")
level_limit = table("level_limit", np.uint64)
drill_at = table("drill_at")
drill_activation = table("drill_activation")

posts = table("posts", POST)
post_open = table("post_open", ndim=2)

chosen = table("chosen")
"""Workers picked out while a head count or a shift changes."""
ranking = table("ranking", NODE)
"""Workers or requests put in order."""
loose = table("loose")
"""Slots of tasks that wait to be offered within one event."""

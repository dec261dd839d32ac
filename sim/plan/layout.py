"""The plan: one scenario as flat arrays, read by the demand and by both engines.

Letters: P places, L levels, C classes, S steps, T timers, K line instances, Q pool instances,
W workers, G rota groups (calendars as engines see them), M modes (0 is peace), X laws,
V verdict tables, U sources, H hazards, J joins, R reviews, B scopes of modes. Subjects are
numbered by sorted full name, never by their order in a file. ``*_ptr`` arrays have one entry
more than the things they divide (CSR).
-1 means none. All times are int64 µs from time 0; probabilities are thresholds as defined by
`sim.plan.tables.threshold`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Int = NDArray[np.int64]
Words = NDArray[np.uint64]


class Names(NamedTuple):
    """Names of everything that has a number; for reports only, engines never see them."""

    levels: tuple[str, ...]
    places: tuple[str, ...]
    """Full names, such as ``bijiang/c07/g003``."""
    classes: tuple[str, ...]
    steps: tuple[str, ...]
    """``flow.step`` or ``flow.step@rung.part``, one per compiled step."""
    timers: tuple[str, ...]
    """``class.timer``."""
    line_types: tuple[str, ...]
    pool_types: tuple[str, ...]
    calendars: tuple[str, ...]
    """``calendar#group``."""
    modes: tuple[str, ...]
    sources: tuple[str, ...]
    gates: tuple[str, ...]
    accounts: tuple[str, ...]
    reviews: tuple[str, ...]
    rungs: tuple[str, ...]
    """Names of the closing rungs, by the rung numbers used in `request level` columns."""


class Plan(NamedTuple):
    """Everything an engine needs besides the demand trace."""

    # ---- clock
    start_ns: int
    """`run.start` as nanoseconds since 1970 (for dates in reports)."""
    warm_up: int
    window_end: int
    """End of the measuring window (`run.horizon`)."""
    end: int
    """End of the run: window_end + cool_down."""
    tick: int
    control: int
    follow_up: int

    # ---- places
    place_parent: Int  # [P]
    place_level: Int  # [P]
    place_at: Int  # [P, L] ancestor (or itself) at a level, -1 where there is none
    place_leaves: Int  # [P, 2] first and one-past-last leaf in depth-first order
    leaf_place: Int  # [leaves] place number of each leaf in depth-first order
    place_households: Int  # [P]
    place_persons: Int  # [P]
    place_shops: Int  # [P]
    place_buildings: Int  # [P] a building counts itself
    place_floors: Int  # [P]
    place_key: Words  # [P] hash of the full name

    # ---- laws and tables
    law_table: Int  # [X, table length]
    law_sequence_ptr: Int  # [X + 1] a law with entries there is a written-out sequence …
    law_sequence: Int  # … whose n-th entry belongs to the n-th request of its source and place
    verdict_edge: Int  # [V, E] band edges as per mille of the limit
    verdict_edges: Int  # [V] number of edges
    verdict_delay: Int  # [V] law, -1 none
    verdict_resolved: Words  # [V, E + 1]
    verdict_satisfied: Words  # [V, R, E + 1] by number of reopenings (last row: or more)
    verdict_unresolved: Words  # [V, R, E + 1] P(satisfied | not resolved)

    # ---- request classes
    class_duty: Int  # [C] 1 for scheduled duties
    class_priority: Int  # [M, C]
    class_preempts: Int  # [C]
    class_preemptible: Int  # [C]
    class_start: Int  # [C] first step
    class_cost: Int  # [C] fen per closing
    class_key: Words  # [C] hash of the name
    class_level_ptr: Int  # [C + 1]
    class_level: Int  # rung number of each share
    class_level_share: Words  # cumulative thresholds, as `sim.plan.tables.pick` reads them
    class_limit: Int  # [M, C] µs on its clock, -1 none
    class_limit_clock: Int  # [M, C] group number of the clock, -1 calendar time
    class_limit_start: Int  # [C] TimerStart
    class_suspended: Int  # [M, C] Suspension
    class_divert: Int  # [M, C] step

    # ---- compiled steps (each class has its own copy of its flow)
    step_class: Int  # [S]
    step_kind: Int  # [S] StepKind
    step_line: Int  # [S] line type
    step_law: Int  # [M, S] law, -1: no work or no delay (0 µs)
    step_next: Int  # [S]
    step_other: Int  # [S]
    step_threshold: Words  # [M, S]
    step_level: Int  # [S] rung number of a LEVEL, WORK or HAND_OFF step, -1 outside a ladder
    step_cap: Int  # [S] reworks or misroutings allowed, rounds of a vote or join
    step_same_worker: Int  # [S]
    step_rise: Int  # [S] step that a rise leads to, -1: top rung or no ladder
    step_table: Int  # [S] verdict table; of a GATE or PAY: its type; of a JOIN: its number
    step_first: Int  # [S] first branch entry
    step_count: Int  # [S] number of branch entries
    # [S] column of its first draw in the trace (for a BRANCH the number of the way), -1 none
    step_draw: Int
    step_key: (
        Int  # [S] 32-bit hash of the step's name; ordinal of a draw: visit << 32 | step_key
    )
    step_third: Int  # [S] GATE: refused; VOTE: not agreed after the last round
    step_least: Int  # [S] PAY: least amount in fen; VOTE: consents, JOIN: lines needed
    step_most: Int  # [S] PAY: largest amount in fen; VOTE: number of parties
    branch_share: Words  # cumulative thresholds
    branch_step: Int

    # ---- timers
    timer_ptr: Int  # [C + 1]
    timer_law: Int  # [T]
    timer_start: Int  # [T] TimerStart
    timer_until: Int  # [T] TimerUntil
    timer_clock: Int  # [M, T] group of the clock, -1 calendar time
    timer_then: Int  # [T] TimerThen
    timer_to: Int  # [T] step
    timer_priority: Int  # [T] -1: unchanged
    timer_channel: Int  # [T] Channel
    timer_every: Int  # [T] µs, -1: once
    timer_draw: Int  # [T] column of its first draw in the trace
    timer_key: (
        Int  # [T] 32-bit hash of the timer's name; ordinal of a draw: arming << 32 | timer_key
    )

    # ---- calendars
    group_ptr: Int  # [G + 1]
    group_on: Int  # starts of duty stretches, rising, merged
    group_off: Int  # ends

    # ---- lines
    line_of: Int  # [line types, P] line instance that a request homed at place p enters
    line_type: Int  # [K]
    line_place: Int  # [K]
    line_limit: Int  # [K] -1: none
    line_ptr: Int  # [K + 1] candidates: pools that serve the line in some mode
    line_pool: Int
    line_pool_mode: Int  # the entry counts while that pool's place is in this mode
    line_pool_rank: Int  # smaller is asked first; entries are sorted by (rank, pool)

    # ---- pools and workers
    pool_type: Int  # [Q]
    pool_place: Int  # [Q]
    pool_first: Int  # [Q + 1] first worker (workers of a pool are consecutive)
    pool_staff: Int  # [M, Q] head count
    pool_productivity: Int  # [M, Q] per mille
    pool_shift_end: Int  # [M, Q] ShiftEnd
    pool_preference: Int  # [M, Q] 1: preference first
    pool_leaves: Int  # [Q] 1: highest number first, 0: idle longest first
    pool_pay: Int  # [M, Q] fen per 30 days and worker, in thousandths
    pool_pay_hour: Int  # [M, Q] fen per hour on duty and worker, in thousandths
    pool_volunteer: Int  # [Q]
    serve_ptr: Int  # [M * Q + 1] lines served by pool q in mode m: row m * Q + q
    serve_line: Int
    serve_rank: Int  # smaller is preferred; entries are sorted by (rank, line)
    worker_pool: Int  # [W]
    worker_group: Int  # [M, W] rota group
    worker_key: Words  # [W] hash of the pool's full name and the worker's rank

    # ---- modes
    mode_level: Int  # [M] level of its scope (0: the root)
    mode_activation: Int  # [M] delay at time 0, drills before the run included
    drill_ptr: Int  # [M + 1]
    drill_at: Int  # instants, rising
    drill_activation: Int  # delay from that drill on
    mode_mobilisation: Int  # [M] law, -1 none
    mode_pause: Int  # [M] 1: running work of withdrawn workers is paused
    mode_enter: Int  # [M] Trigger
    mode_enter_at: Int  # [M] time of an AT trigger; mode number of an AFTER trigger
    mode_leave: Int  # [M] Trigger
    mode_leave_at: Int  # [M] time of an AT, length of a LASTS trigger
    state_open: Int  # [2 * M] row m: enter, M + m: leave; 1 open requests, 0 waiting tasks
    state_above: Int  # [2 * M] 1: true above the bound, 0: true below it
    state_bound: Int  # [2 * M]
    state_hold: Int  # [2 * M]
    state_class: Int  # [2 * M, C] 1 where the class counts

    # ---- sources (for the demand and for finite populations)
    source_kind: Int  # [U] SourceKind
    source_class: Int  # [U] one class each: a source with shares is one row per class
    source_level: Int  # [U]
    source_key: Words  # [U] hash of "source" or "source/class"
    source_day_key: Words  # [U] hash of the source, shared by its classes (over-dispersion)
    source_members: Int  # [U] members per place, POPULATION
    source_law: Int  # [U] up-time law
    source_group: Int  # [U] calendar group of a DUTY
    source_backlog: Int  # [U] requests there at time 0
    source_counted: Int  # [U] index in (place, household, person, shop, building, floor)
    source_rate: NDArray[
        np.float64
    ]  # [U] mean rate per counted thing and µs; DUTY: times per period
    source_period: Int  # [U] DUTY: 0 day, 1 week, 2 month, 3 year, 4 workday
    source_spread: Int  # [U] DUTY: 1 spread over the period
    source_dispersion: Int  # [U] law index of the gamma factor (table in 1e-6 units), -1 none
    source_time_ptr: Int  # [U + 1]
    source_time: Int  # TIMES: times written out
    cell: int  # length of one rate cell, µs
    source_cell: NDArray[
        np.float64
    ]  # [U, cells] rate factor of each cell from time 0 (profile and shocks)
    local_source: Int  # [n] sources whose rate differs in one place (local shocks) …
    local_place: Int  # [n] … that place …
    local_cell: NDArray[np.float64]  # [n, cells] … and its further factor

    # ---- hazards: H of the sources, in order of number; all empty where there is none
    hazard_source: Int  # [H] its source; `source_class` there is the class it surfaces as
    hazard_patrol: Int  # [H] class of the rounds that find it
    hazard_find: Int  # [H] -ln(1 - finds) in units of 2**-36, -1: never found
    hazard_found: Int  # [H] class of the request when found
    hazard_law: Int  # [H] delay until it surfaces, and between tries
    hazard_reporting: Words  # [H, P] threshold of being reported, by home

    # ---- offers to volunteers
    step_claim: Int  # [S] line type of the volunteers whom a WORK step asks first, -1: nobody
    step_accept: Words  # [S] threshold of one of them accepting

    # ---- timers that repeat
    timer_again: Int  # [T] 1: drawn and armed anew each time it goes off

    # ---- gates and accounts, one in each place of a level; empty where there is none
    gate_of: Int  # [gate types, P] gate that a request homed at place p comes to
    gate_type: Int  # [gates]
    gate_place: Int  # [gates]
    gate_group: Int  # [gate types] rota group: a session begins where a stretch of it does
    gate_batch: Int  # [gate types] most requests that a session hears
    gate_outcome: Words  # [gate types, 3] cumulative thresholds: pass, refuse, next session
    account_of: Int  # [account types, P] account that a request homed at place p draws on
    account_type: Int  # [accounts]
    account_place: Int  # [accounts]
    account_balance: Int  # [account types] fen in it at time 0
    account_refill: Int  # [account types] fen
    account_carry: Int  # [account types] 1: what is left is kept beside the refill
    refill_ptr: Int  # [account types + 1]
    refill_at: Int  # instants of refill, rising

    # ---- joins: one for each JOIN step; empty where there is none
    join_ptr: Int  # [J + 1] the lines that each calls, in order
    join_line: Int  # line type
    join_key: Words  # hash of the line's name
    join_law: Int  # work content, -1: none
    join_response: Words  # [levels, lines called] threshold of answering, by level of response
    join_together: Int  # [J] 1: members begin at one instant, 0: each line has its own part
    join_answer: Int  # [J] law of the time until a line answers, -1: at once
    join_interval: Int  # [J] time between calls and after the last, 0: none
    join_patience: Int  # [J] time from the first call to the common start, -1: no end

    # ---- posts O manned round the clock; empty where there is none
    post_class: Int  # [O] class of the duty that stands for it
    post_place: Int  # [O] place whose mode says whether it is open
    post_home: Int  # [O] home of that duty
    post_open: Int  # [M, O] 1 where it is to be manned
    post_key: Words  # [O] hash of place, name and number

    # ---- careers, by pool type D (rows of those without are -1 or empty)
    week_at: Int  # Mondays 00:00 in the run; empty where no pool has a career
    learning_ptr: Int  # [D + 1]
    learning_pace: Int  # per mille in the first week of service, the second, …
    fatigue_norm: Int  # [D] µs on duty in a week, -1: no fatigue
    fatigue_step: Int  # [D] µs
    fatigue_recovery: Int  # [D] levels
    fatigue_ptr: Int  # [D + 1]
    fatigue_pace: Int  # per mille at level 0, 1, …
    exit_limit: Words  # threshold of leaving in a week at level 0, 1, … (as `fatigue_ptr`)
    exit_law: Int  # [D] time until the newcomer is there, -1: nobody leaves

    # ---- reviews R and what they rate: subjects (places, pools or workers)
    review_effect: Int  # [R] Effect
    review_ptr: Int  # [R + 1]
    review_at: Int  # instants, rising
    review_first: Int  # [R + 1] first subject
    review_of_place: Int  # [R, P] subject of a home, -1 where people are rated
    review_of_worker: Int  # [R, W] subject of who worked on it last, -1 where places are rated
    subject_place: Int  # [subjects] its place
    subject_pool: Int  # [subjects] its pool, -1
    subject_worker: Int  # [subjects] its worker, -1
    subject_group: Int  # [subjects] place within which rounds are moved or workers compared
    reading_ptr: Int  # [R + 1]
    reading_count: Int  # Read
    reading_weight: Int
    reading_base: Int  # 1: of what the sum is divided by
    reading_class: Int  # [readings, C] 1 where the class counts
    review_scaled: Int  # [R] 1: the score is per mille of the base
    review_share: Int  # [R] MOVES: part shared out anew; REPLACES: part replaced; millionths
    review_least: Int  # [R] MOVES: rounds kept; REPLACES: how many are replaced, -1 by share
    review_source: Int  # [R] MOVES: source of the rounds, -1
    review_level: Int  # [R] MOVES: level of the places
    review_law: Int  # [R] REPLACES: time until the newcomer is there
    review_most: Int  # [R] LEVEL: steps either way; the level starts there
    review_above: Int  # [R] LEVEL: one up where the score is above this, -1 never
    review_below: Int  # [R] LEVEL: one down where the score is below this, -1 never
    review_line: Int  # [R] LEVEL of a response: line type, -1
    review_response: Int  # [R] … first of its rows of `join_response`, -1
    review_pace: Int  # [R] first entry of `level_pace`, -1
    level_pace: Int  # per mille of the pool's productivity at level 0, 1, …
    step_review: Int  # [S] review that writes the step's probability, -1 none
    step_limit: Int  # [S] first entry of `level_limit`: [modes, levels] from there
    level_limit: Words  # thresholds by mode and level

    names: Names

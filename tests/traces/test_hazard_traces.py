"""Hazards by hand: which round finds them, when they surface, and who reports them."""

import numpy as np

from sim.demand.draws import chance
from sim.demand.purposes import Purpose
from sim.demand.trace import draw_trace
from sim.plan.codes import Code
from tests.traces.playing import HOUR, plan_of, play

TOWN = """
run: {horizon: 4 d}
calendars: {rounds: {week: {mon-sun: ["08:00-12:00"]}}}
sources:
  patrol: {kind: duty, request: round, at: site, every: day, times: 1, calendar: rounds,
           spread: false}
  leaks: {kind: hazard, times: [2 h], patrol: round, finds: 1, found: small,
          surfaces_after: SURFACING, surfaced: burst}
  calls: {kind: arrivals, times: [CALLS], classes: {call: 1}}
requests:
  round: {kind: duty, flow: walk, work: 1 h, priority: 8, preemptible: true}
  small: {flow: repair, work: 30 min}
  burst: {flow: repair, work: 10 h, timers: {others: {after: 3 h, then: mark, channel: repeat,
                                                      again: true}}}
  call: {flow: answer, work: 2 h, priority: 1, preempts: true}
flows:
  walk: {start: walk, steps: {walk: {work: {line: ground}}}}
  repair: {start: fix, steps: {fix: {work: {line: workshop}}}}
  answer: {start: go, steps: {go: {work: {line: ground}}}}
lines: {ground: {}, workshop: {}}
pools: {guards: {staff: 1, serves: [ground]}, fitters: {staff: 1, serves: [workshop]}}
"""
HAZARDS = (
    Code.HAZARD_BORN, Code.HAZARD_UNREPORTED, Code.HAZARD_FOUND, Code.HAZARD_SURFACED,
)  # fmt: skip
# The rounds of the four days are r0 to r3, released at 8, 32, 56 and 80 and done an hour later,
# unless a call (a number between) comes first. What a hazard raises takes the next number.


def town(surfacing, calls="95 h"):
    return TOWN.replace("SURFACING", surfacing).replace("CALLS", calls)


def lived(text, rounds=None, seed=1):
    """Play it, with so many rounds needed to find each hazard."""
    plan = plan_of(text)
    trace = draw_trace(plan, seed, 0)
    if rounds is not None:
        hazards = trace.hazards._replace(rounds=np.array(rounds))
        trace = trace._replace(hazards=hazards)
    return plan, trace, play(plan, trace)


def told(log, *more):
    """Rows of hazards, and of the codes asked for, as ``57 HAZARD_FOUND h0 r5 =55``."""
    wanted = {*HAZARDS, *more}
    found = []
    for row in range(log.n_rows):
        code = Code(log.code[row])
        if code not in wanted:
            continue
        words = [f"{log.time[row] / HOUR:g}", code.name]
        if code in HAZARDS:
            words.append(f"h{log.ordinal[row]}")
        if log.request[row] >= 0:
            words.append(f"r{log.request[row]}")
        if code in HAZARDS[1:]:
            words.append(f"={log.amount[row] / HOUR:g}")
        found.append(" ".join(words))
    return found


def test_a_patrol_finds_at_the_third_round():
    _, _, log = lived(town("100 h"), rounds=[3])
    assert told(log) == ["2 HAZARD_BORN h0", "57 HAZARD_FOUND h0 r5 =55"]
    born = log.requests
    assert (born.reported_at[5], born.ordinal[5]) == (57 * HOUR, 0)
    # Settled first (the round is over), then moved: the round ends before its find arrives.
    at_57 = [
        f"{Code(code).name} r{request}"
        for time, code, request in zip(log.time, log.code, log.request, strict=True)
        if time == 57 * HOUR
    ]
    assert at_57 == [
        "END r2", "CLOSE r2", "HAZARD_FOUND r5", "DONE r2",
        "ARRIVAL r5", "ENTRY r5", "START r5",
    ]  # fmt: skip


def test_a_hazard_that_surfaces_first_is_reported_and_never_found():
    _, _, log = lived(town("20 h"), rounds=[2])
    assert told(log) == ["2 HAZARD_BORN h0", "22 HAZARD_SURFACED h0 r5 =20"]


def test_at_one_instant_the_find_wins():
    _, _, log = lived(town("7 h"))
    assert told(log) == ["2 HAZARD_BORN h0", "9 HAZARD_FOUND h0 r5 =7"]


def test_a_report_just_before_the_round_ends_wins():
    _, _, log = lived(town("6.99 h"))
    assert told(log) == ["2 HAZARD_BORN h0", "8.99 HAZARD_SURFACED h0 r5 =6.99"]


def test_an_interrupted_round_counts_when_it_ends_and_finds_what_arose_meanwhile():
    # The call takes the guard from 8.5 to 10.5; half an hour of the round is left.
    text = town("100 h", calls="8.5 h").replace("times: [2 h]", "times: [2 h, 9.5 h, 11 h]")
    _, _, log = lived(text)
    assert told(log, Code.PAUSE, Code.RESUME) == [
        "2 HAZARD_BORN h0", "8.5 PAUSE r0", "9.5 HAZARD_BORN h1", "10.5 RESUME r0",
        "11 HAZARD_FOUND h0 r5 =9", "11 HAZARD_FOUND h1 r6 =1.5",
        "11 HAZARD_BORN h2",  # in the instant in which the round ends, but after it
        "33 HAZARD_FOUND h2 r7 =22",
    ]  # fmt: skip


def test_what_nobody_reports_at_first_surfaces_again():
    text = town("5 h").replace("finds: 1", "finds: 0, reporting: 0.3")

    def reports(seed):
        plan = plan_of(text)
        trace = draw_trace(plan, seed, 0)
        limit = int(plan.hazard_reporting[0, 0])
        key = int(trace.hazards.key[0])
        keys = trace.key0, trace.key1
        return [chance(limit, *keys, Purpose.HAZARD_REPORT, key, n) for n in (1, 2, 3)]

    seed = next(seed for seed in range(100) if reports(seed) == [False, False, True])
    _, _, log = lived(text, seed=seed)
    assert told(log) == [
        "2 HAZARD_BORN h0", "7 HAZARD_UNREPORTED h0 =5", "12 HAZARD_UNREPORTED h0 =10",
        "17 HAZARD_SURFACED h0 r5 =15",
    ]  # fmt: skip


def test_others_report_the_same_matter_until_it_is_closed():
    _, _, log = lived(town("2 h"))
    # Work on it lasts from 4 to 14: contacts every three hours, none after the closing.
    assert told(log, Code.CONTACT)[1:] == [
        "4 HAZARD_SURFACED h0 r5 =2", "7 CONTACT r5", "10 CONTACT r5", "13 CONTACT r5",
    ]  # fmt: skip


def test_a_repeating_timer_without_length_waits_a_tick():
    text = town("2 h").replace("others: {after: 3 h", "others: {after: 1 s")
    _, _, log = lived(text.replace("horizon: 4 d", "horizon: 4 d, tick: 6 h, control: 6 h"))
    # Ticks of 6 h round the length to 0, so the first contact comes at the report itself.
    # Birth and surfacing are at 0 and 0, the work of 10 h is rounded to 12 h.
    contacts = log.time[log.code == Code.CONTACT] / HOUR
    assert contacts.tolist() == [0, 6]


STREETS = """
run: {horizon: 2 d}
places:
  root: {level: city, name: city}
  rows:
    - {name: east, level: grid, parent: city, households: 1}
    - {name: west, level: grid, parent: city, households: 1}
calendars: {rounds: {week: {mon-sun: ["08:00-12:00"]}}, late: {week: {tue: ["08:00-12:00"]}}}
sources:
  %s: {kind: duty, request: round, at: %s, every: week, times: 1, calendar: late, spread: false}
  leaks: {kind: hazard, at: grid, times: [2 h], patrol: round, finds: 1, found: small,
          surfaces_after: 6 h, surfaced: small, reporting: 0, reporting_at: {west: 1}}
requests: {round: {kind: duty, flow: f, work: 1 h}, small: {flow: f, work: 1 h}}
flows: {f: {start: s, steps: {s: {work: {line: desk}}}}}
lines: {desk: {}}
pools: {all: {staff: 9, serves: [desk]}}
"""


def test_a_round_of_the_city_finds_in_every_grid_where_nobody_reported():
    plan, _, log = lived(STREETS % ("walks", "city"))
    assert [plan.names.places[p] for p in log.place[log.code == Code.HAZARD_BORN]] == [
        "city/east", "city/west",
    ]  # fmt: skip
    assert told(log) == [
        "2 HAZARD_BORN h0", "2 HAZARD_BORN h1",
        "8 HAZARD_UNREPORTED h0 =6", "8 HAZARD_SURFACED h1 r1 =6",
        "14 HAZARD_UNREPORTED h0 =12", "20 HAZARD_UNREPORTED h0 =18",
        "26 HAZARD_UNREPORTED h0 =24", "32 HAZARD_UNREPORTED h0 =30",
        "33 HAZARD_FOUND h0 r2 =31",
    ]  # fmt: skip

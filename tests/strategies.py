"""Hypothesis strategies: small but nasty systems, as the dictionaries that a file would hold.

Small numbers of everything, coarse ticks and round times make ties the rule. A mode that
changes much and flips often, ladders with wrong desks, priorities that interrupt, timers of
all kinds and people with calendars are all likely in one system.
"""

import json
import tempfile
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis import strategies as st

from sim.plan.compile import compile_plan
from sim.scenario.reader import read_scenario


def examples(number):
    """So many systems, not made smaller when one fails: playing takes too long for that."""
    return settings(max_examples=number, phases=[Phase.explicit, Phase.generate])


TICKS = ("1 us", "1 s", "1 min", "1 h")
LAWS = st.one_of(
    st.sampled_from(["0 h", "20 min", "1 h", "2 h", "5 h"]),
    st.sampled_from([{"exponential": "1 h"}, {"exponential": "4 h"}]),
    st.just({"mixture": [{"share": 0.5, "of": "0 h"}, {"share": 0.5, "of": "3 h"}]}),
)
SHORT = st.sampled_from(["0 h", "1 h", "3 h"])
CALENDARS = {
    "day": {"week": {"mon-fri": ["08:00-12:00", "14:00-18:00"]}},
    "watch": {"rota": {"shift": "8 h", "groups": 3}},
    "blocks": {"windows": {"on": [{"start": "0 h", "end": "3 h"}], "every": "6 h"}},
}
LEVELS = (None, "c", "g")


@st.composite
def timers(draw, steps, *, ladder):
    """One timer."""
    then = draw(
        st.sampled_from(["leave", "mark", "supervise", "go", *(["rise"] if ladder else [])])
    )
    start = draw(st.sampled_from(["report", "dispatch", "acceptance"]))
    until = draw(st.sampled_from(["first_start", "closing", "start"]))
    if until == "start" and start != "dispatch":
        until = "first_start"
    timer = {
        "after": draw(st.one_of(SHORT, st.just({"exponential": "6 h"}))),
        "start": start,
        "until": "closing" if start == "acceptance" else until,
        "clock": draw(st.sampled_from(["calendar", "day"])),
        "then": then,
    }
    if then == "go":
        timer["to"] = draw(st.sampled_from(steps))
        if start == "dispatch":
            timer["after"] = "3 h"  # of no length it would go on for ever in one instant
    if then == "supervise":
        timer["every"] = "5 h"
    if draw(st.booleans()):
        timer["priority"] = draw(st.integers(0, 4))
    return timer


@st.composite
def request_classes(draw, flow, *, ladder):
    """One class of a flow."""
    found = {
        "flow": flow,
        "priority": draw(st.integers(1, 6)),
        "preempts": draw(st.booleans()),
        "preemptible": draw(st.booleans()),
        "work": draw(LAWS),
    }
    if ladder:
        share = draw(st.sampled_from([0.0, 0.4, 1.0]))
        found["closing"] = {"low": share, "top": 1 - share}
        found["closing"] = {name: p for name, p in found["closing"].items() if p}
    if draw(st.booleans()):
        found["limit"] = {
            "after": "8 h",
            "start": draw(st.sampled_from(["report", "dispatch"])),
        }
    if draw(st.booleans()):
        found["timers"] = {"t": draw(timers(["one", "two"], ladder=ladder))}
    return found


@st.composite
def pools(draw, lines):
    """One pool."""
    calendar = draw(st.sampled_from(["always", *CALENDARS]))
    found = {
        "at": draw(st.sampled_from(LEVELS)),
        "staff": draw(st.integers(0, 3)),
        "serves": draw(
            st.lists(st.sampled_from(lines), min_size=1, max_size=len(lines), unique=True)
        ),
        "order": draw(st.sampled_from(["priority_first", "preference_first"])),
        "calendar": calendar,
        "shift_end": draw(st.sampled_from(["finish", "hand_over", "pause"])),
        "productivity": draw(st.sampled_from([1.0, 0.7, 1.3])),
        "leaves": draw(st.sampled_from(["idle_longest", "highest_number"])),
    }
    if found["at"] == "g" and draw(st.booleans()):
        found["serves"] = [{"line": name, "within": "c"} for name in found["serves"]]
    return {key: value for key, value in found.items() if value is not None}


@st.composite
def modes(draw, classes, pool_names):
    """A mode that changes much."""
    enter = draw(
        st.sampled_from(
            [
                {"at": "10 h"},
                {"at": "0 h"},
                {"state": {"count": "open", "above": 3, "hold": "0 h"}},
                {"state": {"count": "waiting", "above": 1, "hold": "2 h"}},
            ]
        )
    )
    leave = draw(
        st.sampled_from(
            [{"lasts": "12 h"}, {"at": "40 h"}, {"state": {"count": "open", "below": 3}}, None]
        )
    )
    found = {
        "enter": enter,
        "activation": draw(SHORT),
        "running": draw(st.sampled_from(["finish", "pause"])),
        "requests": {},
        "pools": {},
        "clocks": draw(st.sampled_from([{}, {"day": "blocks"}])),
    }
    if leave:
        found["leave"] = leave
    if draw(st.booleans()):
        found["scope"] = "c"
    if draw(st.booleans()):
        found["mobilisation"] = draw(LAWS)
    for name in classes:
        change = {"priority": draw(st.integers(0, 6))}
        change["suspended"] = draw(st.sampled_from([None, "hold", "refuse", "divert"]))
        if change["suspended"] == "divert":
            change["divert_to"] = "two"
        found["requests"][name] = {k: v for k, v in change.items() if v is not None}
    for name, at in pool_names.items():
        if "scope" in found and at is None:
            continue
        found["pools"][name] = {
            "productivity": draw(st.sampled_from([1.0, 0.5, 1.7])),
            "staff": draw(st.integers(0, 4)),
            "calendar": draw(st.sampled_from(["always", *CALENDARS])),
            "shift_end": draw(st.sampled_from(["finish", "hand_over", "pause"])),
        }
    return found


@st.composite
def systems(draw, *, with_modes=True, with_timers=True):
    """A whole system; every line has somebody to serve it in peace, though perhaps nobody."""
    lines = ["near", "wide"]
    ladder = draw(st.booleans())
    flows = {"f": _flow(draw(st.booleans()), ladder=ladder, same=draw(st.booleans()))}
    classes = {name: draw(request_classes("f", ladder=ladder)) for name in ("a", "b")}
    if not with_timers:
        for each in classes.values():
            each.pop("timers", None)
    teams = {f"p{n}": draw(pools(lines)) for n in range(draw(st.integers(1, 3)))}
    teams["last"] = {"staff": draw(st.integers(1, 2)), "serves": lines}
    found = {
        "name": "generated",
        "title": "A generated system",
        "run": {
            "horizon": "72 h",
            "tick": draw(st.sampled_from(TICKS)),
            "control": draw(st.sampled_from(["1 h", "4 h"])),
        },
        "places": {
            "root": {"level": "city", "name": "city", "households": 40},
            "levels": {
                "c": {"within": "city", "per_parent": 2},
                "g": {"within": "c", "per_parent": 2},
            },
        },
        "calendars": CALENDARS,
        "sources": _sources(draw(st.booleans()), draw(st.booleans())),
        "requests": classes,
        "flows": flows,
        "lines": {"near": {"at": draw(st.sampled_from(["c", "g"]))}, "wide": {}},
        "pools": teams,
    }
    if draw(st.booleans()):
        found["lines"]["near"]["limit"] = draw(st.integers(0, 3))
    if ladder:
        found["ladders"] = {"chain": _ladder(draw(st.booleans()), draw(SHORT))}
    if flows["f"]["steps"]["two"].get("next") == "ask":
        found["verdicts"] = {"v": {"delay": draw(SHORT), "resolved": [0.5], "satisfied": [0.5]}}
    if with_modes and draw(st.booleans()):
        found["modes"] = {
            "war": draw(modes(list(classes), {n: team.get("at") for n, team in teams.items()}))
        }
        if "leave" in found["modes"]["war"] and draw(st.booleans()):
            found["modes"]["recovery"] = {"enter": {"after": "war"}, "leave": {"lasts": "5 h"}}
            if "scope" in found["modes"]["war"]:
                found["modes"]["recovery"]["scope"] = "c"
    return found


@st.composite
def whole_systems(draw, **options):
    """The same with gates, accounts, votes, hazards, offers and joins on the way."""
    found = draw(systems(**options))
    steps = found["flows"]["f"]["steps"]
    steps["way"] = {"branch": {
        "two": 0.2, "rest": 0.1, "close": 0.1, "hear": 0.2, "agree": 0.1, "meet": 0.3,
    }}  # fmt: skip
    steps["meet"] = {
        "join": draw(joins(["near", "wide"], "far")),
        "next": draw(st.sampled_from(["two", "close", "agree"])),
    }
    refused = draw(st.sampled_from(["two", "leave", "meet"]))
    steps["hear"] = {
        "gate": {"gate": "hall", "admit": 0.8, "otherwise": "buy", "refused": refused},
        "next": "buy",
    }
    pay = {"account": "purse", "amount": {"low": "1 CNY", "high": "3 CNY"}, "otherwise": "rest"}
    steps["buy"] = {"pay": pay, "next": "meet"}
    vote = {"parties": 3, "consent": 0.5, "rounds": 3, "between": "1 h", "failed": "two"}
    steps["agree"] = {"vote": vote, "next": "two"}
    if draw(st.booleans()):
        steps["two"]["work"]["claim"] = {"line": "street", "accept": 0.5}
        found["lines"]["street"] = {}
        found["pools"]["helpers"] = draw(pools(["street", "near"]))
        found["pools"]["helpers"]["serves"] = ["street"]
        found["pools"]["helpers"]["staff"] = 2
    found["lines"]["far"] = draw(st.sampled_from([{}, {"at": "c"}, {"limit": 0}]))
    found["pools"]["away"] = draw(pools(["far", "wide"]))
    found["pools"]["last"]["serves"] = ["near", "wide", "far"]
    found["gates"] = {"hall": {
        "at": draw(st.sampled_from(["c", "g"])), "sessions": "blocks", "batch": 2,
        "outcome": {"pass": 0.5, "refuse": 0.2, "next": 0.3},
    }}  # fmt: skip
    found["accounts"] = {"purse": {"balance": "9 CNY", "refill": "9 CNY", "every": "month"}}
    _add_patrol(found, draw(LAWS))
    _lead_to_the_join(draw, found)
    return found


@st.composite
def joins(draw, lines, always):
    """What a join step says; one of the lines is always called."""
    some = draw(st.lists(st.sampled_from(lines), unique=True))
    found = {
        "form": draw(st.sampled_from(["together", "parts"])),
        "lines": list(draw(st.permutations([*some, always]))),
        "response": draw(st.sampled_from([1.0, 0.6, 0.2])),
        "otherwise": "two",
    }
    found["need"] = draw(st.sampled_from(["all", *range(1, len(found["lines"]) + 1)]))
    if draw(st.booleans()):
        found |= {"interval": draw(st.sampled_from(["1 h", "3 h"])), "rounds": 3}
    if draw(st.booleans()):
        found["answer"] = draw(LAWS)
    if draw(st.booleans()):
        found["content"] = draw(LAWS)
    if found["form"] == "parts":
        found["contents"] = {found["lines"][0]: draw(LAWS)}
    elif draw(st.booleans()):
        found["patience"] = draw(st.sampled_from(["1 h", "5 h"]))
    return found


def _add_patrol(found, surfaces_after):
    found["flows"]["walk"] = {"start": "go", "steps": {"go": {"work": {"line": "wide"}}}}
    found["requests"]["round"] = {
        "flow": "walk", "kind": "duty", "work": "30 min", "priority": 9, "preemptible": True,
    }  # fmt: skip
    found["sources"]["rounds"] = {
        "kind": "duty", "request": "round", "at": "g", "times": 2, "every": "day",
        "calendar": "day",
    }  # fmt: skip
    found["sources"]["holes"] = {
        "kind": "hazard", "at": "g", "rate": "0.03/h", "patrol": "round", "finds": 0.4,
        "found": "a", "surfaced": "b", "surfaces_after": surfaces_after, "reporting": 0.7,
    }  # fmt: skip


def _lead_to_the_join(draw, found):
    """Timers and modes may send requests to the join, and change who serves its lines."""
    for each in found["requests"].values():
        timer = each.get("timers", {}).get("t", {})
        if timer.get("then") == "go" and draw(st.booleans()):
            timer["to"] = "meet"
    war = found.get("modes", {}).get("war")
    if war is None:
        return
    for change in war["requests"].values():
        if "divert_to" in change and draw(st.booleans()):
            change["divert_to"] = "meet"
    local = "scope" in war
    if draw(st.booleans()) and not (local and "at" not in found["pools"]["away"]):
        war["pools"]["away"] = {"serves": list(draw(st.permutations(["far", "near"])))}


def _flow(is_asked, *, ladder, same):
    first = {"ladder": "chain"} if ladder else {"work": {"line": "near", "same_worker": same}}
    steps = {
        "one": {**first, "next": "way"},
        "way": {"branch": {"two": 0.5, "rest": 0.3, "close": 0.2}},
        "rest": {"delay": "2 h", "next": "two"},
        "two": {"work": {"line": "wide"}, "next": "ask" if is_asked else "close"},
    }
    if is_asked:
        steps["ask"] = {"evaluate": {"verdicts": "v", "rework": "one", "cap": 2}}
    return {"start": "one", "steps": steps}


def _ladder(has_triage, hand_off):
    low = {"line": "near", "hand_off": hand_off, "misrouting": 0.5, "return_after": "1 h"}
    top = {"line": "wide"}
    if has_triage:
        low["triage"] = "1 h"
        top["triage"] = "20 min"
    return {"order": ["low", "top"], "rungs": {"low": low, "top": top}}


def _sources(has_members, has_bursts):
    found = {
        "a": {"kind": "arrivals", "at": "c", "rate": "0.1/h", "classes": {"a": 1}},
        "b": {"kind": "arrivals", "at": "g", "rate": "0.05/h", "classes": {"a": 0.3, "b": 0.7}},
    }
    if has_bursts:
        times = ["9 h", "9 h", "10 h", "10 h", "24 h"]
        found["bursts"] = {"kind": "arrivals", "at": "g", "times": times, "classes": {"b": 1}}
    if has_members:
        found["members"] = {
            "kind": "population", "request": "a", "at": "c", "members": 2,
            "up_time": {"exponential": "8 h"},
        }  # fmt: skip
    return found


def compiled(system):
    """The plan of a system written as a dictionary; JSON is YAML."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "generated.yaml"
        path.write_text(json.dumps(system), encoding="utf-8")
        return compile_plan(read_scenario(path))

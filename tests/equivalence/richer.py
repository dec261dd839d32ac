"""Systems with all that lies outside the lines, from gates to reviews and careers."""

from hypothesis import strategies as st

from tests.strategies import CALENDARS, LAWS, LEVELS, systems

SHARES = st.sampled_from([0.0, 0.3, 0.7, 1.0])


@st.composite
def richer(draw):
    """A generated system with each of these in it or not, and ways that lead there."""
    found = draw(systems())
    found["run"]["start"] = draw(st.sampled_from(["2024-01-30", "2024-01-31"]))
    for part in (_gate, _fund, _vote, _hazards, _volunteers, _join, _careers, _reviews):
        if draw(st.booleans()):
            part(draw, found)
    return found


def _at(draw):
    level = draw(st.sampled_from(LEVELS))
    return {"at": level} if level else {}


def _way(found, title, step):
    """A step that a branch leads to now and then, and timers too."""
    steps = found["flows"]["f"]["steps"]
    shares = steps["way"]["branch"]
    number = len(shares) + 1
    steps[title] = step
    ways = {to: (1 - 1 / number) * share for to, share in shares.items()}
    steps["way"]["branch"] = {**ways, title: 1 / number}


def _gate(draw, found):
    outcome = draw(
        st.sampled_from(
            [{"pass": 1}, {"pass": 0.4, "next": 0.6}, {"pass": 0.3, "refuse": 0.4, "next": 0.3}]
        )
    )
    found["gates"] = {
        "hall": {
            **_at(draw),
            "sessions": draw(st.sampled_from(list(CALENDARS))),
            "batch": draw(st.integers(1, 3)),
            "outcome": outcome,
        }
    }
    step = {"gate": "hall", "admit": draw(SHARES), "otherwise": "rest"}
    step["refused"] = draw(st.sampled_from(["leave", "rest", "two"]))
    _way(found, "hear", {"gate": step, "next": draw(st.sampled_from(["two", "rest", "close"]))})
    for each in found["requests"].values():
        for timer in each.get("timers", {}).values():
            if timer["then"] == "go":
                timer["to"] = draw(st.sampled_from(["one", "hear"]))


def _fund(draw, found):
    purse = {**_at(draw), "balance": draw(st.sampled_from(["0 CNY", "5 CNY", "100 CNY"]))}
    if draw(st.booleans()):
        purse |= {"refill": "8 CNY", "every": "month", "carry_over": draw(st.booleans())}
    found["accounts"] = {"purse": purse}
    amount = draw(st.sampled_from(["2 CNY", {"low": "1 CNY", "high": "6 CNY"}]))
    step = {"account": "purse", "amount": amount, "otherwise": "rest"}
    _way(found, "fund", {"pay": step, "next": draw(st.sampled_from(["two", "close"]))})


def _vote(draw, found):
    parties = draw(st.sampled_from([1, 3, 60, 61, 130]))
    step = {"parties": parties, "consent": draw(SHARES), "rounds": draw(st.integers(1, 3))}
    step["need"] = draw(st.sampled_from(["all", 1, parties]))
    step["failed"] = draw(st.sampled_from(["leave", "rest"]))
    if draw(st.booleans()):
        step["again"] = "meet"
        meeting = {"work": {"line": "near"}, "next": "agree"}
        found["flows"]["f"]["steps"]["meet"] = meeting
    else:
        step["between"] = draw(st.sampled_from(["1 h", "3 h"]))
    _way(found, "agree", {"vote": step, "next": draw(st.sampled_from(["two", "rest"]))})


def _over_mondays(found):
    """Let two weeks begin in the run, the first with a month and a quarter."""
    found["run"] |= {"start": "2024-03-31", "horizon": "9 d"}
    for name in ("a", "b"):
        found["sources"][name]["rate"] = "0.02/h"


def _careers(draw, found):
    _over_mondays(found)
    for each in found["pools"].values():
        each["fatigue"] = {
            "norm": "20 h",
            "step": "4 h",
            "slower": draw(st.sampled_from([0.05, 0.2])),
        }
        each["learning"] = draw(st.sampled_from([[0.5], [0.4, 0.8]]))
        if draw(st.booleans()):
            each["attrition"] = {"weekly": draw(SHARES), "tired": 0.2, "hiring": draw(LAWS)}
    war = found.get("modes", {}).get("war")
    if war:
        war["activation"] = "3 h"
        war["drills"] = {"shortens": 0.5, "every": "week"}


def _reviews(draw, found):
    _over_mondays(found)
    counts = ["closed", "late", "on_time", "contacts", "unresolved", "unsatisfied", "claimed"]
    weight = draw(st.integers(1, 3))
    reads = [{"count": draw(st.sampled_from(counts)), "weight": weight}]
    rated = {"every": "week", "reads": reads}
    counts += ["reported", "found", "surfaced", "pushed"]
    reads = [{"count": draw(st.sampled_from(counts)), "weight": weight}, *reads]
    usual = {"every": "week", "reads": reads}
    change = {"strength": 0.5, "most": 1, "above": draw(st.sampled_from([0, 2])), "below": 1}
    level = draw(st.sampled_from(["city", "c", "g"]))
    pool = draw(st.sampled_from([*found["pools"]]))
    found["reviews"] = {
        "stars": {**rated, "pool": pool, "level": {**change, "productivity": True}},
        "grades": {**rated, "pool": pool, "out_of": [{"count": "closed"}],
                   "replaces": {"number": draw(st.integers(0, 2)), "hiring": draw(LAWS)}},
    }  # fmt: skip
    steps = found["flows"]["f"]["steps"]
    if "claim" in steps["two"].get("work", {}):
        accept = {"flow": "f", "step": "two"}
        found["reviews"]["points"] = {
            **usual,
            "at": level,
            "level": {**change, "accept": accept},
        }
    if "whistle" in steps:
        response = {**change, "response": "near"}
        found["reviews"]["calls"] = {
            **usual,
            "at": found["lines"]["near"]["at"],
            "level": response,
        }
    if "ladders" in found:
        rung = {"ladder": "chain", "rung": "low"}
        found["reviews"]["desks"] = {
            **usual,
            "at": level,
            "level": {**change, "misrouting": rung},
        }
    if "rounds" in found["sources"]:
        at = found["sources"]["rounds"]["at"]
        moves = {"duty": "rounds", "share": draw(SHARES), "within": "city"}
        found["reviews"]["index"] = {**usual, "at": at, "moves": moves}


def _join(draw, found):
    form = draw(st.sampled_from(["together", "parts"]))
    lines = draw(st.permutations([*found["lines"]]))
    step = {"form": form, "lines": lines, "otherwise": draw(st.sampled_from(["rest", "leave"]))}
    step["need"] = draw(st.sampled_from(["all", 1, 2]))
    step["response"] = draw(st.sampled_from([0.5, 0.9, 1.0]))
    if draw(st.booleans()):
        step["answer"] = draw(LAWS)
    if draw(st.booleans()):
        step |= {"interval": draw(st.sampled_from(["1 h", "3 h"])), "rounds": 2}
    if form == "together" and draw(st.booleans()):
        step["patience"] = draw(st.sampled_from(["2 h", "9 h"]))
    if form == "parts" and draw(st.booleans()):
        step["contents"] = {"near": draw(LAWS)}
    _way(found, "whistle", {"join": step, "next": draw(st.sampled_from(["two", "close"]))})
    for each in found["requests"].values():
        for timer in each.get("timers", {}).values():
            if timer["then"] == "go":
                timer["to"] = draw(st.sampled_from([timer["to"], "whistle"]))


def _hazards(draw, found):
    found["requests"]["round"] = {
        "kind": "duty",
        "flow": "patrol",
        "priority": draw(st.integers(1, 6)),
        "preemptible": draw(st.booleans()),
        "work": draw(LAWS),
    }
    found["flows"]["patrol"] = {
        "start": "walk",
        "steps": {"walk": {"work": {"line": draw(st.sampled_from(["near", "wide"]))}}},
    }
    for name in ("rounds", *(["inspections"] if draw(st.booleans()) else [])):
        found["sources"][name] = {
            "kind": "duty",
            "request": "round",
            "at": draw(st.sampled_from(["city", "c", "g"])),
            "every": "day",
            "times": draw(st.integers(1, 3)),
            "calendar": "day",
            "spread": draw(st.booleans()),
        }
    for name in ("leaks", *(["fires"] if draw(st.booleans()) else [])):
        when = draw(
            st.sampled_from([{"times": ["2 h", "2 h", "9 h", "10 h", "30 h"]}, {"rate": "3/d"}])
        )
        found["sources"][name] = {
            "kind": "hazard",
            **_at(draw),
            **when,
            "patrol": "round",
            "finds": draw(SHARES),
            "found": draw(st.sampled_from(["a", "b"])),
            "surfaces_after": draw(LAWS),
            "surfaced": draw(st.sampled_from(["a", "b"])),
            "reporting": draw(st.sampled_from([0.3, 1.0])),
        }


def _volunteers(draw, found):
    found["lines"]["street"] = {"limit": draw(st.integers(0, 2)), **_at(draw)}
    claim = {"line": "street", "accept": draw(SHARES)}
    steps = found["flows"]["f"]["steps"]
    for name in draw(st.sampled_from([("two",), ("one", "two")])):
        if "work" in steps[name]:
            steps[name]["work"]["claim"] = claim
    people = {"staff": draw(st.integers(1, 3)), "serves": ["street"]}
    found["pools"]["helpers"] = {
        **people,
        "calendar": draw(st.sampled_from(["always", *CALENDARS])),
        "shift_end": draw(st.sampled_from(["finish", "hand_over", "pause"])),
    }
    found["pools"]["more"] = {**people, "serves": draw(st.permutations(["street", "wide"]))}
    war = found.get("modes", {}).get("war")
    if war and "scope" not in war:
        war["pools"]["helpers"] = {"staff": draw(st.integers(0, 4))}

"""One small town in which every primitive happens within three days, at a tick of choice."""

from tests.strategies import CALENDARS, compiled

HALL = {"gate": "hall", "admit": 0.9, "otherwise": "rest", "refused": "rest"}
FUND = {"account": "purse", "amount": {"low": "1 CNY", "high": "4 CNY"}, "otherwise": "rest"}
VOTE = {"parties": 70, "consent": 0.4, "need": 55, "rounds": 3, "between": "1 h"}
TOGETHER = {
    "form": "together", "lines": ["near", "street", "wide"], "need": 2, "patience": "9 h",
    "otherwise": "rest",
}  # fmt: skip
PARTS = {
    "form": "parts", "lines": ["street", "wide", "near"], "need": 2, "response": 0.7,
    "answer": {"exponential": "1 h"}, "interval": "3 h", "rounds": 2, "otherwise": "rest",
}  # fmt: skip
STEPS = {
    "one": {"ladder": "chain", "next": "way"},
    "way": {"branch": {"two": 0.1, "hear": 0.2, "fund": 0.2, "agree": 0.1, "sit": 0.2,
                       "whistle": 0.2}},
    "hear": {"gate": HALL, "next": "two"},
    "fund": {"pay": FUND, "next": "two"},
    "agree": {"vote": {**VOTE, "failed": "rest"}, "next": "two"},
    "sit": {"join": TOGETHER, "next": "two"},
    "whistle": {"join": PARTS, "next": "two"},
    "rest": {"delay": "2 h", "next": "two"},
    "two": {
        "work": {"line": "wide", "claim": {"line": "street", "accept": 0.5}},
        "next": "ask",
    },
    "ask": {"evaluate": {"verdicts": "v", "rework": "one", "cap": 2}},
}  # fmt: skip
TIMERS = {
    "call": {
        "after": {"exponential": "6 h"},
        "then": "mark",
        "channel": "repeat",
        "again": True,
    },
    "rise": {"after": "9 h", "then": "rise", "priority": 1},
    "give_up": {"after": {"exponential": "30 h"}, "then": "leave"},
    "back": {"after": "11 h", "then": "go", "to": "hear"},
}  # fmt: skip
CLOSING = {"closing": {"low": 0.5, "top": 0.5}}
REQUESTS = {
    "a": {"flow": "f", "priority": 3, "work": {"exponential": "1 h"}, **CLOSING,
          "limit": {"after": "8 h"}, "timers": TIMERS},
    "b": {"flow": "f", "priority": 2, "preempts": True, "work": "2 h", **CLOSING,
          "timers": {"watch": {"after": "4 h", "then": "supervise", "every": "5 h"}}},
    "round": {"kind": "duty", "flow": "patrol", "priority": 5, "preemptible": True,
              "work": "1 h"},
}  # fmt: skip
HAZARD = {
    "kind": "hazard", "patrol": "round", "found": "a", "surfaced": "b",
    "surfaces_after": {"exponential": "9 h"}, "reporting": 0.5,
}  # fmt: skip
PATROL = {"kind": "duty", "request": "round", "every": "day", "times": 2, "calendar": "day"}
SOURCES = {
    "a": {"kind": "arrivals", "at": "c", "rate": "0.15/h", "classes": {"a": 1}},
    "bursts": {"kind": "arrivals", "at": "g", "times": ["9 h", "9 h", "30 h"],
               "classes": {"b": 1}},
    "members": {"kind": "population", "request": "a", "at": "c", "members": 2,
                "up_time": {"exponential": "8 h"}},
    "rounds": {**PATROL, "at": "g"},
    "inspections": {**PATROL, "at": "c", "spread": False},
    "leaks": {**HAZARD, "at": "g", "rate": "2/d", "finds": 0.4},
    "fires": {**HAZARD, "times": ["1 h", "1 h", "26 h"], "finds": 1},
}  # fmt: skip
POOLS = {
    "grid": {"at": "g", "staff": 1, "serves": [{"line": "near", "within": "c"}],
             "calendar": "day", "shift_end": "hand_over"},
    "desk": {"staff": 2, "serves": ["wide", "near"], "calendar": "watch",
             "shift_end": "pause", "productivity": 0.7},
    "helpers": {"staff": 2, "serves": ["street"]},
    "others": {"staff": 2, "serves": ["street", "wide"], "calendar": "blocks",
               "shift_end": "finish"},
}  # fmt: skip
WAR = {
    "enter": {"state": {"count": "open", "above": 12, "hold": "2 h"}},
    "leave": {"lasts": "10 h"},
    "activation": "1 h",
    "mobilisation": {"exponential": "2 h"},
    "running": "pause",
    "requests": {
        "a": {"priority": 1, "suspended": "hold"},
        "b": {"suspended": "divert", "divert_to": "two"},
    },
    "pools": {"desk": {"staff": 4, "productivity": 1.3}, "helpers": {"staff": 1}},
}


def everything(tick="1 us"):
    """The plan of the town."""
    system = {
        "name": "everything",
        "title": "A town with everything",
        "run": {"start": "2024-01-31", "horizon": "72 h", "tick": tick},
        "places": {
            "root": {"level": "city", "name": "city", "households": 40},
            "levels": {
                "c": {"within": "city", "per_parent": 2},
                "g": {"within": "c", "per_parent": 2},
            },
        },
        "calendars": CALENDARS,
        "sources": SOURCES,
        "requests": REQUESTS,
        "flows": {
            "f": {"start": "one", "steps": STEPS},
            "patrol": {"start": "walk", "steps": {"walk": {"work": {"line": "near"}}}},
        },
        "ladders": {
            "chain": {
                "order": ["low", "top"],
                "rungs": {
                    "low": {"line": "near", "triage": "20 min", "hand_off": "1 h",
                            "misrouting": 0.3, "return_after": "1 h"},
                    "top": {"line": "wide"},
                },
            }
        },
        "verdicts": {"v": {"delay": "3 h", "resolved": [0.6], "satisfied": [0.5]}},
        "lines": {"near": {"at": "c"}, "wide": {"limit": 2}, "street": {}},
        "pools": POOLS,
        "gates": {
            "hall": {
                "at": "c",
                "sessions": "blocks",
                "batch": 2,
                "outcome": {"pass": 0.5, "refuse": 0.1, "next": 0.4},
            }
        },
        "accounts": {
            "purse": {
                "at": "c",
                "balance": "6 CNY",
                "refill": "5 CNY",
                "every": "month",
                "carry_over": True,
            }
        },
        "modes": {"war": WAR},
    }  # fmt: skip
    return compiled(system)

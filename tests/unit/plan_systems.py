"""Systems for tests of the plan and of the rules: the smallest one, and one with everything."""

from sim.model.system import System


def smallest(**parts):
    """One source, one class, one line, one worker; `parts` replace whole sections."""
    whole = {
        "name": "small",
        "title": "small",
        "run": {"horizon": "10 d"},
        "sources": {"calls": {"kind": "arrivals", "classes": {"repair": 1.0}, "rate": "3/d"}},
        "requests": {"repair": {"flow": "main", "work": "1 h"}},
        "flows": {"main": {"start": "fix", "steps": {"fix": {"work": {"line": "desk"}}}}},
        "lines": {"desk": {}},
        "pools": {"clerks": {"staff": 1, "serves": ["desk"]}},
    }
    return merged(whole, parts)


def merged(base, change):
    """`base` with `change` merged in, name by name; None takes a name away."""
    result = dict(base)
    for name, value in change.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict) and isinstance(result.get(name), dict):
            result[name] = merged(result[name], value)
        else:
            result[name] = value
    return result


def system(**parts):
    return System.model_validate(smallest(**parts))


OFFICE = {"week": {"mon-fri": ["08:30-12:00", "14:00-17:30"]}}


def district(grids=514, communities=43):
    """A district in which every primitive occurs."""
    ladder = {
        "order": ["grid", "community", "district"],
        "rungs": {
            "grid": {
                "line": "grid", "triage": "5 min", "hand_off": "2 h",
                "misrouting": 0.1, "return_after": "1 d",
            },
            "community": {"line": "community", "triage": "10 min", "hand_off": "1 d"},
            "district": {"line": "district"},
        },
    }  # fmt: skip
    return {
        "name": "b",
        "title": "b",
        "run": {"horizon": "56 d", "warm_up": "7 d", "start": "2024-03-04"},
        "places": {
            "root": {"level": "district", "name": "bj", "households": 150_000},
            "levels": {
                "community": {"within": "district", "count": communities, "spread": 0.3},
                "grid": {"within": "community", "count": grids},
            },
        },
        "calendars": {
            "office": OFFICE,
            "half": {"part_days": {"per": "week", "blocks": 1, "hours": ["08:30-12:00"]}},
            "rota": {"rota": {"shift": "8 h", "groups": 3}},
        },
        "sources": {
            "calls": {
                "kind": "arrivals", "classes": {"repair": 0.7, "dispute": 0.3},
                "at": "community", "rate": "1.0/household/year", "dispersion": 0.3,
            },
            "visits": {
                "kind": "duty", "request": "visit", "at": "grid", "per": "household",
                "times": 1.0, "every": "year", "calendar": "office",
            },
        },
        "shocks": {
            "flood": {"start": "2024-03-25", "lasts": "7 d", "factors": {"calls": 3.0}},
        },
        "requests": {
            "repair": {
                "flow": "main", "work": {"lognormal": {"mean": "1 h", "cv": 1.0}},
                "closing": {"grid": 0.7, "community": 0.2, "district": 0.1},
                "external": {"district": "3 d"},
                "limit": {"after": "3 workdays", "clock": "office"},
                "timers": {
                    "press": {"after": "2 d", "then": "rise", "priority": 2},
                    "give_up": {"after": {"exponential": "20 d"}, "then": "leave"},
                },
            },
            "dispute": {
                "flow": "main", "closing": {"grid": 0.5, "community": 0.5},
                "work": "2 h", "work_at": {"grid": "1 h"}, "priority": 3,
            },
            "visit": {"kind": "duty", "flow": "visit", "work": "20 min", "priority": 9},
        },
        "flows": {
            "main": {
                "start": "look",
                "steps": {
                    "look": {"branch": {"climb": 0.9, "close": 0.1}},
                    "climb": {"ladder": "up", "next": "ask"},
                    "ask": {"evaluate": {"verdicts": "v", "rework": "climb"}},
                },
            },
            "visit": {"start": "go", "steps": {"go": {"work": {"line": "grid"}}}},
        },
        "ladders": {"up": ladder},
        "verdicts": {
            "v": {
                "delay": "1 d", "edges": [0.5, 1.0], "resolved": [0.9, 0.8, 0.6],
                "satisfied": [0.95, 0.9, 0.5], "reopened": [0.8],
                "classes": {"dispute": {"resolved": [0.7], "satisfied": [0.8]}},
            }
        },
        "lines": {
            "grid": {"at": "grid"},
            "community": {"at": "community", "prefer": ["cadres"]},
            "district": {},
        },
        "pools": {
            "grid_workers": {
                "at": "grid", "staff": 10, "calendar": "office", "shift_end": "pause",
                "serves": ["grid", {"line": "grid", "within": "community"}],
            },
            "cadres": {
                "at": "community", "serves": ["community", "grid"], "calendar": "half",
                "staff": {"rules": {"n": {"workers": 1, "per": 1000, "of": "household"}}},
                "shift_end": "finish", "pay": "600 CNY/month",
            },
            "departments": {
                "staff": 50, "serves": ["district"], "calendar": "rota",
                "shift_end": "hand_over", "pay": "200 CNY/d",
            },
        },
        "modes": {
            "war": {
                "enter": {"shock": "flood"}, "leave": {"lasts": "14 d"}, "activation": "2 h",
                "mobilisation": {"exponential": "6 h"}, "running": "pause",
                "pools": {
                    "grid_workers": {
                        "staff": 15, "calendar": "rota", "shift_end": "hand_over",
                    },
                    "cadres": {"serves": ["community", {"line": "grid", "within": "district"}]},
                },
                "requests": {
                    "visit": {"suspended": "hold"}, "repair": {"limit": {"after": "12 h"}},
                },
                "ladders": {"up": {"grid": {"hand_off": "10 min"}}},
                "clocks": {"office": "always"},
            },
            "recovery": {
                "enter": {"after": "war"},
                "leave": {"state": {"count": "waiting", "below": 100, "hold": "1 d"}},
            },
        },
    }  # fmt: skip

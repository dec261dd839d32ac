"""A scenario that plays in a tenth of a second, with a short wartime."""

from pathlib import Path

TEXT = """\
name: small
title: {en: A small community, zh: 小社区}
run: {horizon: 12 d, warm_up: 2 d, replications: 3, seed: 7}
places:
  root: {level: community, name: community, households: 600}
  levels:
    grid: {within: community, count: 2}
sources:
  reports:
    kind: arrivals
    at: community
    classes: {trash: 60 %, noise: 40 %}
    rate: {assumed: 6/household/year, range: [5/household/year, 20/household/year],
           because: a test}
requests:
  trash: {flow: once, work: {exponential: 45 min}}
  noise: {flow: once, work: {exponential: 90 min}, priority: 3}
flows:
  once: {start: handle, steps: {handle: {work: {line: desk}}}}
lines:
  desk: {at: grid}
calendars:
  office: {week: {mon-fri: [08:30-12:00, 14:00-17:30]}}
pools:
  grid_workers:
    at: grid
    staff: {rules: {by_households: {workers: 1, per: 300, of: household}}}
    serves: [desk]
    calendar: office
    shift_end: pause
modes:
  war:
    enter: {at: "2024-01-06 00:00"}
    leave: {at: "2024-01-09 00:00"}
"""


def write_scenario(folder: Path, name: str = "small", **replaced: str) -> Path:
    """Write the scenario under a name; `replaced` maps pieces of its text to others."""
    text = TEXT.replace("name: small", f"name: {name}")
    for old, new in replaced.items():
        assert PIECES[old] in text
        text = text.replace(PIECES[old], new)
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


PIECES = {"per": "per: 300", "grids": "count: 2", "rate": "6/household/year,", "work": "45 min"}

"""XES 1.0: one trace for each request, for process miners (ProM, Disco, pm4py and others).

The elements and their order are those of the schema at http://www.xes-standard.org/xes.xsd;
the standard extensions concept, lifecycle, organizational and time give the attributes.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Final
from xml.sax.saxutils import quoteattr

from sim.errors import Language
from sim.eventlog import EventLog
from sim.exchange.steps import Case, Step, by_request, cases, steps
from sim.plan.layout import Plan

EXTENSIONS: Final = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
)
_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<log xes.version="1.0" xes.features="" xmlns="http://www.xes-standard.org/">\n'
)
_BEGINNING: Final = "1970-01-01T00:00:00.000000+00:00"


def xes(log: EventLog, plan: Plan, replication: int, lang: Language = "en") -> Iterator[str]:
    """The log as XES, in pieces of XML."""
    yield _HEAD
    for name, prefix, uri in EXTENSIONS:
        yield f'  <extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n'
    yield from _globals()
    yield '  <classifier name="Activity" keys="concept:name lifecycle:transition"/>\n'
    yield f"  {_text('concept:name', f'replication {replication}')}"
    yield f"  {_text('lifecycle:model', 'standard')}"
    happened = groupby(steps(log, plan, lang, by_request(log)), lambda step: step.request)
    upcoming = next(happened, None)
    for case in cases(log, plan):
        # A request that the run ended before has no row, and no trace.
        if upcoming is not None and upcoming[0] == case.number:
            yield from _trace(case, upcoming[1])
            upcoming = next(happened, None)
    yield "</log>\n"


def _globals() -> Iterator[str]:
    """What every trace and event has, with the value that means nothing is known."""
    yield '  <global scope="trace">\n'
    yield f"    {_text('concept:name', '-')}"
    yield f"    {_text('class', '-')}"
    yield "  </global>\n"
    yield '  <global scope="event">\n'
    yield f"    {_text('concept:name', '-')}"
    yield f"    {_text('lifecycle:transition', 'complete')}"
    yield f'    <date key="time:timestamp" value="{_BEGINNING}"/>\n'
    yield "  </global>\n"


def _trace(case: Case, rows: Iterator[Step]) -> Iterator[str]:
    yield "  <trace>\n"
    yield f"    {_text('concept:name', str(case.number))}"
    yield f"    {_text('class', case.request_class)}"
    for key, value in (("place", case.place), ("level", case.level), ("source", case.source)):
        if value:
            yield f"    {_text(key, value)}"
    for step in rows:
        yield _event(step)
    yield "  </trace>\n"


def _event(step: Step) -> str:
    pieces = [
        "    <event>\n",
        f"      {_text('concept:name', step.name)}",
        f"      {_text('lifecycle:transition', step.activity.transition)}",
        f'      <date key="time:timestamp" value="{step.stamp}"/>\n',
    ]
    for key, value in (
        ("org:resource", step.worker_name),
        ("org:group", step.pool),
        ("mode", step.mode),
    ):
        if value:
            pieces.append(f"      {_text(key, value)}")
    pieces.append("    </event>\n")
    return "".join(pieces)


def _text(key: str, value: str) -> str:
    return f'<string key="{key}" value={quoteattr(value)}/>\n'

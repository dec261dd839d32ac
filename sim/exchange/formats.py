"""The formats that logs are written in, each with its file ending and its writer."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from sim.errors import Language
from sim.eventlog import EventLog
from sim.exchange.ocel import ocel
from sim.exchange.tables import pm4py, vidigi
from sim.exchange.xes import xes
from sim.plan.layout import Plan

Writer = Callable[[EventLog, Plan, int, Language], Iterator[str]]
"""Log, plan, number of the replication and language in; the file in pieces out."""


class Format(NamedTuple):
    """One format."""

    ending: str
    write: Writer


FORMATS: Final[dict[str, Format]] = {
    "vidigi": Format("vidigi.csv", vidigi),
    "pm4py": Format("pm4py.csv", pm4py),
    "xes": Format("xes", xes),
    "ocel": Format("ocel.json", ocel),
}

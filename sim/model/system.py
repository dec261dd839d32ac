"""System: everything that one scenario says, checked field by field."""

from os import PathLike, fspath

from pydantic import Field

from sim.model.accounts import Account
from sim.model.calendars import Calendar, Holidays
from sim.model.experiment import Experiment
from sim.model.flows import Flow, Verdicts
from sim.model.gates import Gate
from sim.model.modes import Mode
from sim.model.notion import Label, Name, Notion
from sim.model.places import Places
from sim.model.pools import Line, Pool
from sim.model.posts import Post
from sim.model.requests import RequestClass
from sim.model.reviews import Review
from sim.model.routing import Ladder
from sim.model.run import Run
from sim.model.sources import Shock, Source
from sim.model.targets import Target


class System(Notion):
    """One scenario, fully read. Names are keys; their order in the file has no meaning."""

    name: Name
    """Short name of the scenario."""
    family: Name | None = None
    """Name shared by the variants of one scenario; None: its own name."""
    title: Label
    """Title shown to people."""
    question: Label | None = None
    """The question that the scenario answers."""
    notes: list[Label] = Field(default_factory=list)
    """Sources, assumptions and limits in words."""
    run: Run
    """Clock, window and replications."""
    places: Places = Places()
    """The tree of places."""
    calendars: dict[Name, Calendar] = Field(default_factory=dict)
    """Duty times by name."""
    holidays: Holidays | None = None
    """The scenario's own table of holidays and make-up workdays."""
    sources: dict[Name, Source] = Field(min_length=1)
    """Where requests come from."""
    shocks: dict[Name, Shock] = Field(default_factory=dict)
    """Stretches of unusual demand."""
    requests: dict[Name, RequestClass] = Field(min_length=1)
    """Request classes."""
    flows: dict[Name, Flow] = Field(min_length=1)
    """Flows of the classes."""
    ladders: dict[Name, Ladder] = Field(default_factory=dict)
    """Authority ladders."""
    verdicts: dict[Name, Verdicts] = Field(default_factory=dict)
    """Tables of residents' verdicts."""
    gates: dict[Name, Gate] = Field(default_factory=dict)
    """Gates, which hear requests at sessions."""
    accounts: dict[Name, Account] = Field(default_factory=dict)
    """Accounts, out of which is paid."""
    lines: dict[Name, Line] = Field(min_length=1)
    """Lines in which tasks wait."""
    pools: dict[Name, Pool] = Field(min_length=1)
    """Pools of workers."""
    modes: dict[Name, Mode] = Field(default_factory=dict)
    """Modes besides peace."""
    posts: dict[Name, Post] = Field(default_factory=dict)
    """Posts manned round the clock."""
    reviews: dict[Name, Review] = Field(default_factory=dict)
    """Periodic reviews."""
    targets: dict[Name, Target] = Field(default_factory=dict)
    """Reported outcomes that the results are held against; never an input."""
    experiment: Experiment | None = None
    """The sweep that the scenario proposes; it decides nothing in a run."""


def check_system(given: object) -> None:
    """Refuse what is no system, with the call that reads one: a file is not read in passing.

    Raises
    ------
    TypeError
        If it is anything else, such as the name of a file.
    """
    if isinstance(given, System):
        return
    named = isinstance(given, str | PathLike)
    file = f"{fspath(given)!r}" if isinstance(given, str | PathLike) else "FILE"
    got = f"the file name {file}" if named else f"a value of type {type(given).__name__}"
    message = (
        f"a system is needed, not {got}; read the scenario first: sim.read_scenario({file}) "
        f"（此处需要情景对象；请先用 sim.read_scenario({file}) 读入）"
    )
    raise TypeError(message)

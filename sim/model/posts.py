"""Posts manned round the clock (岗位): an entrance, a checkpoint, a duty desk."""

from sim.model.notion import Label, Name, Notion
from sim.model.pools import Staff, StaffField, StaffRule


class Post(Notion):
    """Posts of one kind in each place of a level; each takes one person at every moment.

    A post is a duty that never ends. Whoever mans it is relieved at the end of the shift, by
    anybody on duty of a pool that serves its line; until then it is vacant.
    """

    title: Label | None = None
    """Name shown to people."""
    at: Name | None = None
    """The level whose places each have such posts; None: the root."""
    number: StaffField = Staff(rules={"count": StaffRule(workers=0)})
    """How many in each place, by the rules of head counts; none unless a mode says so."""
    request: Name
    """The class of kind duty that stands for it: the first step of its flow names the line,
    and so who may man it; its priority and preemption say what it goes before."""

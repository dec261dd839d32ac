"""Drills: from each on, its mode is in force sooner after a call."""

from sim.engine.reference.reviews import FIRST
from sim.engine.reference.world import World
from sim.plan.codes import Code, Phase


def first_subject(world: World) -> int:
    """Subject of mode 0's drills among those of phase CONTROL."""
    return FIRST + len(world.plan.review_effect)


def schedule_drill(world: World, mode: int, ordinal: int) -> None:
    """Enter the n-th drill of a mode."""
    plan = world.plan
    entry = plan.drill_ptr[mode] + ordinal
    if entry < plan.drill_ptr[mode + 1]:
        at = plan.drill_at[entry]
        world.calendar.at(at, Phase.CONTROL, first_subject(world) + mode, ordinal)


def hold_drill(world: World, mode: int, ordinal: int) -> None:
    """Phase CONTROL: the next call finds people better prepared."""
    schedule_drill(world, mode, ordinal + 1)
    activation = world.plan.drill_activation[world.plan.drill_ptr[mode] + ordinal]
    world.activation[mode] = activation
    world.log(Code.DRILL, 0, ordinal=mode, amount=activation)

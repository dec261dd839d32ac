"""Parts: what becomes of the tasks of a join when one ends, or when nobody needs them."""

from sim.engine.reference.dispatch import leave_line
from sim.engine.reference.world import (
    CANCELLED,
    HELD,
    KEPT,
    NOBODY,
    RUNNING,
    WAITING,
    Joint,
    Request,
    Task,
    World,
)
from sim.plan.codes import Code, JoinFailure


def is_unneeded(task: Task) -> bool:
    """Whether the join of the task is over, so that only work under way goes on."""
    return task.joint is not None and task.joint.is_over


def part_ended(world: World, task: Task) -> int:
    """Count a part that has ended: the request's next step, -1 while it has to wait."""
    joint = task.joint
    assert joint is not None
    if joint.is_over:
        return -1
    joint.ended += 1
    joint.tasks.remove(task)
    if joint.is_closing:
        return -1 if joint.tasks else close_early(world, joint)
    if joint.ended < joint.need:
        return -1
    _conclude(world, joint, Code.JOIN_DONE, joint.ended)
    return int(world.plan.step_next[joint.step])


def fail(world: World, joint: Joint, why: JoinFailure) -> int:
    """Give the join up; the request's next step."""
    _conclude(world, joint, Code.JOIN_FAIL, why)
    return int(world.plan.step_other[joint.step])


def break_off(world: World, request: Request) -> int:
    """Send the request to `redirect`: that step, -1 while work under way has to end first."""
    joint = request.joint
    assert joint is not None
    stop_calling(world, joint)
    joint.is_closing = True
    for task in [task for task in joint.tasks if task.state in (WAITING, HELD)]:
        joint.tasks.remove(task)
        cancel(world, task)
    return -1 if joint.tasks else close_early(world, joint)


def close_early(world: World, joint: Joint) -> int:
    """Let the request go where it is sent, with the join done or not."""
    step, joint.request.redirect = joint.request.redirect, -1
    if joint.ended < joint.need:
        _conclude(world, joint, Code.JOIN_FAIL, JoinFailure.TAKEN_AWAY)
    else:
        _conclude(world, joint, Code.JOIN_DONE, joint.ended)
    return step


def stop_calling(world: World, joint: Joint) -> None:
    """Expect no more answers and no common start."""
    joint.due.clear()
    if joint in world.gathering:
        world.gathering.remove(joint)


def _conclude(world: World, joint: Joint, code: Code, ordinal: int) -> None:
    """End the join: work under way goes on for nobody, the rest is withdrawn."""
    stop_calling(world, joint)
    request = joint.request
    joint.is_over = True
    request.joint = None
    for task in joint.tasks:
        if task.state != RUNNING:
            cancel(world, task)
    age = world.calendar.instant - joint.since
    world.log(code, request.place, request.number, ordinal, amount=age)


def cancel(world: World, task: Task) -> None:
    """Withdraw a task that nobody works on."""
    request = task.request
    if task.state == WAITING:
        leave_line(world, task, CANCELLED)
    elif task.state == HELD:
        world.held.remove(task)
    elif task.state == KEPT:
        world.kept[task.worker] = None
    task.state, task.worker = CANCELLED, NOBODY
    waited = world.calendar.instant - task.since
    world.log(
        Code.WITHDRAW,
        request.place,
        request.number,
        task.visit,
        line=task.line,
        amount=waited,
    )

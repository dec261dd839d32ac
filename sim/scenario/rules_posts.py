"""Rules on posts: the duty that stands for each, and the modes that open them."""

from collections.abc import Iterator

from sim.model.posts import Post
from sim.model.system import System
from sim.scenario.findings import Finding, unknown
from sim.scenario.nodes import Path
from sim.scenario.rules_people import check_level, check_staff


def check_posts(system: System) -> Iterator[Finding]:
    """All rules of this file."""
    for name, post in system.posts.items():
        path: Path = ("posts", name)
        yield from check_level(system, (*path, "at"), post.at)
        yield from check_staff(system, (*path, "number"), post.number)
        yield from _duty(system, (*path, "request"), post)
    for title, mode in system.modes.items():
        for name, number in mode.posts.items():
            path = ("modes", title, "posts", name)
            yield from unknown(path, "post", name, system.posts)
            yield from check_staff(system, path, number)


def _duty(system: System, path: Path, post: Post) -> Iterator[Finding]:
    yield from unknown(path, "class", post.request, system.requests)
    each = system.requests.get(post.request)
    if each is None:
        return
    flow = system.flows.get(each.flow)
    start = flow.steps.get(flow.start) if flow else None
    work = start.work if start else None
    if each.kind != "duty" or (flow is not None and (work is None or work.same_worker)):
        yield Finding(
            path,
            "post-is-no-duty",
            f"class '{post.request}' cannot stand for a post: it must be of kind duty, and its "
            "flow must begin with work that anybody may go on with",
            f"类别“{post.request}”不能代表岗位：须为 kind: duty，且流程的第一环节为可由他人"
            "接续的处置",
            "Write `kind: duty` and a flow that starts with `work: {line: NAME}`.",
            "请写 kind: duty，并让流程以 work: {line: 队列名} 开始。",
        )

"""The replications of a sweep as tasks: which there are, who plays which, and playing one."""

from pathlib import Path
from typing import NamedTuple

from sim.engine import EngineName
from sim.errors import WorkerError
from sim.experiment.blocks import (
    Block,
    block_name,
    pack_block,
    program_version,
    read_block,
    write_block,
)
from sim.experiment.playing import Keep, Setup, play_one
from sim.model.system import System
from sim.plan.compile import compile_plan
from sim.plan.layout import Plan

Task = tuple[int, int]
"""Index of a point, and number of a replication."""


class Shard(NamedTuple):
    """One of several parts of a sweep, which machines that know nothing of each other play."""

    number: int
    """From 1."""
    of: int


class Work(NamedTuple):
    """What a worker must know; it compiles plans itself, since they are large."""

    systems: tuple[System, ...]
    digests: tuple[str, ...]
    program: str
    seed: int
    folder: Path
    engine: EngineName


def tasks_of(points: int, replications: int, shard: Shard | None = None) -> tuple[Task, ...]:
    """The replications of all points, or the part of them that a shard plays.

    They go point by point, so that a worker compiles each plan once. A shard is a stretch of
    them, whatever lies in the folder, so that shards are disjoint and together are the whole.
    """
    tasks = tuple((p, r) for p in range(points) for r in range(1, replications + 1))
    if shard is None:
        return tasks
    begin, end = (len(tasks) * part // shard.of for part in (shard.number - 1, shard.number))
    return tasks[begin:end]


def name_of(work: Work, task: Task) -> str:
    """Name of the block of a task."""
    return block_name(work.digests[task[0]], work.program, work.seed, task[1])


def kept(work: Work, task: Task) -> Block | None:
    """The block of a task; None where it is not there."""
    return read_block(work.folder, name_of(work, task))


def play_and_keep(work: Work, task: Task) -> int:
    """Play one replication of one point and keep it; a worker hands back no more than this."""
    write_block(work.folder, name_of(work, task), _played(work, task))
    return task[1]


def play_and_pack(work: Work, task: Task) -> tuple[Task, bytes]:
    """The same for a worker that does not see the folder: the block comes back as bytes.

    Raises
    ------
    WorkerError
        If the worker has another version of the program: its block would bear a false name.
    """
    if program_version() != work.program:
        raise WorkerError(
            f"A worker has another version of the program: {program_version()} there, "
            f"{work.program} here. Install the same one on all machines.",
            f"有工作进程的程序版本不同：其为 {program_version()}，本机为 {work.program}。"
            f"请在所有机器上安装同一版本。",
        )
    return task, pack_block(name_of(work, task), _played(work, task))


_latest: tuple[str, Plan] | None = None


def _plan(work: Work, index: int) -> Plan:
    """The plan of a point; the latest one is remembered, since its replications come next."""
    global _latest  # noqa: PLW0603  (a worker process plays many replications of one plan)
    found = _latest  # read once: workers of a cluster may have several threads
    if found is None or found[0] != work.digests[index]:
        found = _latest = (work.digests[index], compile_plan(work.systems[index]))
    return found[1]


def _played(work: Work, task: Task) -> Block:
    index, replication = task
    setup = Setup(
        _plan(work, index), work.seed, with_cases=False, keep=Keep(), engine=work.engine
    )
    played = play_one(setup, replication)
    return Block(replication, played.figures, played.digest, played.events)

"""Time the engines on the shipped systems and against a tuned SimPy program.

Figures are processor seconds, the median of interleaved rounds in one run. Machines differ and
are shared: quote ratios.
"""

import gc
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import click

import sim
from benchmarks import tuned_simpy

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
SYSTEMS = ("anqiu", "bijiang", "hanting")


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds that `work` takes."""
    gc.collect()
    begin = time.process_time()
    work()
    return time.process_time() - begin


@click.command()
@click.option("--rounds", default=5, show_default=True, help="Interleaved rounds.")
@click.option("--hours", default=240, show_default=True, help="Length of the network model.")
@click.option("--weeks", default=3, show_default=True, help="Length of the three systems.")
@click.option("--systems/--no-systems", default=True, help="Whether to play the systems.")
def main(*, rounds: int, hours: int, weeks: int, systems: bool) -> None:
    """Print requests and rows per second, and the ratio to a tuned SimPy program."""
    network(rounds, hours)
    for name in SYSTEMS if systems else ():
        system(name, weeks)


def network(rounds: int, hours: int) -> None:
    """The network model in the reference engine and in plain SimPy, in turn."""
    overrides = [f"run.horizon={hours} h", "run.warm_up=0 h"]
    plan = sim.compile_plan(
        sim.read_scenario(SCENARIOS / "theory" / "network-b.yaml", overrides=overrides)
    )
    trace = sim.draw_trace(plan, 1, 1)
    n = len(trace.requests.key)
    ours, theirs = [], []
    for number in range(rounds):
        played: list[int] = []
        theirs.append(seconds(lambda n=number, p=played: p.append(tuned_simpy.play(hours, n))))
        theirs[-1] /= played[0]
        ours.append(seconds(lambda: sim.play(plan, trace)) / n)
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    click.echo(f"network model, {n:,} requests, {rounds} rounds")
    click.echo(f"  tuned SimPy       {statistics.median(theirs) * 1e6:8.1f} us/request")
    click.echo(f"  reference engine  {statistics.median(ours) * 1e6:8.1f} us/request")
    click.echo(f"  ratio             {ratio:8.2f}")


def system(name: str, weeks: int) -> None:
    """One shipped system, cut to some weeks."""
    overrides = [f"run.horizon={weeks} weeks", "run.warm_up=0 h", "run.cool_down=0 h"]
    plan = sim.compile_plan(sim.read_scenario(SCENARIOS / f"{name}.yaml", overrides=overrides))
    trace = sim.draw_trace(plan, 1, 1)
    rows: list[int] = []
    spent = seconds(lambda: rows.append(sim.play(plan, trace).n_rows))
    click.echo(
        f"{name}, {weeks} weeks: {len(trace.requests.key):,} requests, {rows[0]:,} rows, "
        f"{spent:.1f} s: {rows[0] / spent:,.0f} rows/s"
    )


if __name__ == "__main__":
    main()

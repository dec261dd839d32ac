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
from sim.engine.fast import play as play_fast
from sim.engine.reference import play as play_reference

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
    """Print the time of a request in each program, and rows per second of three systems."""
    network(rounds, hours)
    for name in SYSTEMS if systems else ():
        system(name, weeks)


def network(rounds: int, hours: int) -> None:
    """The network model in both engines and in tuned SimPy, in turn; ratios within a round."""
    overrides = [f"run.horizon={hours} h", "run.warm_up=0 h"]
    plan = sim.compile_plan(
        sim.read_scenario(SCENARIOS / "theory" / "network-b.yaml", overrides=overrides)
    )
    bare = sim.draw_trace(plan, 1, 1, with_draws=False)
    whole = sim.draw_trace(plan, 1, 1)
    n = len(bare.requests.key)
    if play_fast(plan, bare).digest() != play_reference(plan, whole).digest():
        raise SystemExit("the two engines differ: times mean nothing")

    def all_in() -> None:
        play_fast(plan, sim.draw_trace(plan, 1, 1, with_draws=False))

    spent: dict[str, list[float]] = {}
    for number in range(rounds):
        played: list[int] = []
        simpy = seconds(lambda n=number, p=played: p.append(tuned_simpy.play(hours, n)))
        spent.setdefault("tuned SimPy", []).append(simpy / played[0])
        for name, work in (
            ("reference engine", lambda: play_reference(plan, whole)),
            ("fast engine, all-in", all_in),
            ("fast engine, play only", lambda: play_fast(plan, bare)),
        ):
            spent.setdefault(name, []).append(seconds(work) / n)
    click.echo(f"network model, {n:,} requests, {rounds} interleaved rounds, processor time")
    click.echo(f"  {'':24} us/request (min..max)     tuned SimPy / this")
    for name, times in spent.items():
        ratio = statistics.median(
            a / b for a, b in zip(spent["tuned SimPy"], times, strict=True)
        )
        us = [1e6 * each for each in (statistics.median(times), min(times), max(times))]
        click.echo(f"  {name:24} {us[0]:7.2f} ({us[1]:.2f}..{us[2]:.2f})   {ratio:12.1f}")


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

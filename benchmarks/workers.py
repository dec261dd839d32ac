"""Time two workers against one on a sweep of city-size scenarios.

Rounds are interleaved and each sweep begins with an empty folder, in a process of its own. What
is measured is the clock of the whole command, laying out of plans included: that is what waits.
Machines that are shared give ratios that mean nothing: run it on an idle one.

    python -m benchmarks.workers --rounds 5
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
GOAL = 1.8


def sweep_seconds(words: list[str], workers: int, *, cluster: bool) -> tuple[float, bytes]:
    """Seconds that one sweep takes, and its table."""
    with tempfile.TemporaryDirectory() as folder:
        who = ["--cluster", f"local:{workers}"] if cluster else ["--workers", str(workers)]
        command = [sys.executable, "-m", "sim", "sweep", *words, *who, "--out", folder, "-q"]
        begin = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - begin, (Path(folder) / "sweep.csv").read_bytes()


@click.command()
@click.option("--rounds", default=5, show_default=True, help="Interleaved rounds.")
@click.option("--scenario", default="bijiang", show_default=True, help="A shipped system.")
@click.option("--weeks", default=8, show_default=True, help="Length of each replication.")
@click.option("--replications", default=4, show_default=True, help="Of each of four points.")
@click.option("--cluster", is_flag=True, help="Two Dask workers instead of two processes.")
def main(*, rounds: int, scenario: str, weeks: int, replications: int, cluster: bool) -> None:
    """Print the median ratio of one worker's time to two workers' time."""
    words = [
        str(SCENARIOS / f"{scenario}.yaml"), "--vary", "run.control=1h,2h,3h,4h",
        "--set", f"run.horizon={weeks} weeks", "--set", "run.warm_up=1 weeks",
        "--set", "run.cool_down=0 h", "-n", str(replications),
    ]  # fmt: skip
    sweep_seconds([*words, "-n", "1"], 1, cluster=False)  # compiles the engine
    ones, twos = [], []
    for number in range(1, rounds + 1):
        one, table = sweep_seconds(words, 1, cluster=False)
        two, same = sweep_seconds(words, 2, cluster=cluster)
        if table != same:
            raise click.ClickException("one worker and two gave different tables")
        ones.append(one)
        twos.append(two)
        click.echo(f"round {number}: {one:7.1f} s with one, {two:7.1f} s with two")
    ratio = statistics.median(one / two for one, two in zip(ones, twos, strict=True))
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    click.echo(
        f"{scenario}, {weeks} weeks, 4 x {replications} replications, {rounds} rounds, "
        f"{os.cpu_count()} cores, load {load:.1f}\n"
        f"  one worker   {statistics.median(ones):7.1f} s\n"
        f"  two workers  {statistics.median(twos):7.1f} s\n"
        f"  ratio        {ratio:7.2f}  (goal {GOAL})"
    )


if __name__ == "__main__":
    main()

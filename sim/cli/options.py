"""Flags that several commands share, each defined once."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sim.cli.problems import json_option, lang_option, say, set_option
from sim.errors import AnalysisError, Language

if TYPE_CHECKING:
    from sim.engine import EngineName
    from sim.model.system import System

F = TypeVar("F", bound=Callable[..., Any])

__all__ = [
    "debug_option",
    "fixed_run_options",
    "json_option",
    "lang_option",
    "out_options",
    "posterior_options",
    "precision_options",
    "quiet_option",
    "resumable_out",
    "run_options",
    "set_option",
    "study_folder",
    "told_options",
    "wanted_precision",
    "warm_up_override",
    "work_options",
]


def run_options(command: F) -> F:
    """Add ``--replications``, ``--seed``, ``--workers`` and ``--engine``."""
    command = work_options(command)
    return click.option(
        "-n",
        "--replications",
        type=click.IntRange(1, 100_000),
        metavar="N",
        help="How often to play it [default: run.replications of the scenario].",
    )(command)


def fixed_run_options(command: F) -> F:
    """The same for a study of many runs: one replication, seed 1."""
    command = _seed(1)(_players(command))
    return click.option(
        "-n",
        "--replications",
        type=click.IntRange(1, 1000),
        default=1,
        show_default=True,
        metavar="N",
        help="Replications of a run, of which the mean counts.",
    )(command)


def work_options(command: F) -> F:
    """Add ``--seed``, ``--workers`` and ``--engine``."""
    return _seed(None)(_players(command))


def _players(command: F) -> F:
    for option in (
        click.option(
            "--engine",
            type=click.Choice(["reference", "fast"]),
            help="Which engine plays; both give the same log [default: fast, or with a warning "
            "reference where fast cannot].",
        ),
        click.option(
            "--workers",
            type=click.IntRange(1, 256),
            metavar="N",
            help="Processes that play side by side [default: 2, or 1 core].",
        ),
    ):
        command = option(command)
    return command


def _seed(default: int | None) -> Callable[[F], F]:
    usual = "" if default is not None else " [default: run.seed of the scenario]"
    return click.option(
        "--seed",
        type=click.IntRange(0, 2**63 - 1),
        default=default,
        show_default=default is not None,
        metavar="S",
        help=f"Seed of all randomness{usual}.",
    )


def precision_options(command: F) -> F:
    """Add ``--precision``, ``--precision-of`` and ``--warm-up``."""
    for option in (
        click.option(
            "--warm-up",
            metavar="auto|LENGTH",
            help="Start that is not measured: a length, or auto (MSER-5 on open requests in "
            "pilot replications) [default: run.warm_up of the scenario].",
        ),
        click.option(
            "--precision-of",
            "precise",
            multiple=True,
            metavar="METRIC",
            help="Figure that --precision is about [default: the headline figures].",
        ),
        click.option(
            "--precision",
            metavar="SHARE",
            help="Play until 95 % intervals are within ± this share of their means, as 5%; "
            "-n is then the most [default of it: 200].",
        ),
    ):
        command = option(command)
    return command


def posterior_options(command: F) -> F:
    """Add ``--posterior``, ``--claims-read-as`` and ``--draws``."""
    for option in (
        click.option(
            "--draws",
            type=click.IntRange(2, 100_000),
            metavar="D",
            help="Draws of the posterior [default: 40], each played twice, or -n times.",
        ),
        click.option(
            "--claims-read-as",
            "claims_read_as",
            metavar="READING",
            help="Which reading of the claims, where they were calibrated in several.",
        ),
        click.option(
            "--posterior",
            type=click.Path(exists=True, path_type=Path),
            metavar="CALIBRATION",
            help="Play over the draws of a gridgov calibrate folder, so that intervals hold "
            "what is not known of the assumptions as well as noise.",
        ),
    ):
        command = option(command)
    return command


def wanted_precision(
    text: str | None, precise: tuple[str, ...]
) -> tuple[float, tuple[str, ...]] | None:
    """The wanted half-width as a share, and the metrics that it is about; None: not asked."""
    from difflib import get_close_matches

    from sim.metrics.catalogue import BY_NAME, HEADLINES
    from sim.units import parse_proportion

    for name in precise:
        if name not in BY_NAME:
            near = get_close_matches(name, BY_NAME, n=1)
            raise click.BadParameter(
                say(
                    f"there is no metric '{name}'"
                    + (f"; did you mean {near[0]}?" if near else "."),
                    f"没有指标“{name}”。" + (f"是否指 {near[0]}？" if near else ""),
                ),
                param_hint="--precision-of",
            )
    if text is None:
        if precise:
            raise click.UsageError(
                say(
                    "--precision-of needs --precision, such as --precision 5%.",
                    "--precision-of 须与 --precision 同用，如 --precision 5%。",
                )
            )
        return None
    try:
        wanted = parse_proportion(text)
    except ValueError:
        wanted = 0.0
    if not 0 < wanted < 1:
        raise click.BadParameter(
            say(
                f"'{text}' is no share between 0 and 1; write 5% or 0.05",
                f"“{text}”不是 0 到 1 之间的比例；请写 5% 或 0.05",
            ),
            param_hint="--precision",
        )
    return wanted, precise or HEADLINES


def warm_up_override(
    said: str | None,
    systems: "Sequence[System]",
    *,
    seed: int | None,
    workers: int | None,
    engine: "EngineName | None",
    lang: Language,
) -> tuple[tuple[str, ...], str]:
    """The ``--set`` that ``--warm-up`` means, and how an automatic one was found, in words."""
    if said is None:
        return (), ""
    if said != "auto":
        return (f"run.warm_up={said}",), ""
    from sim.experiment.settling import settle
    from sim.units import format_duration

    try:
        found = settle(systems, seed=seed, workers=workers, engine=engine)
    except AnalysisError as error:
        raise click.BadParameter(error.message(lang), param_hint="--warm-up") from None
    cut, step = format_duration(found.cut), format_duration(found.interval)
    told = (
        f"预热 {cut}：MSER-5，对 {found.pilots} 次试运行平均的未办结诉求数"
        f"（{found.intervals} 段，每段 {step}）。"
        if lang == "zh"
        else f"Warm-up {cut}: MSER-5 on open requests averaged over {found.pilots} pilot "
        f"replications ({found.intervals} intervals of {step})."
    )
    return (f"run.warm_up={cut}",), told


def out_options(command: F) -> F:
    """Add ``--out`` and ``--force``."""
    for option in (
        click.option("--force", is_flag=True, help="Replace the results that lie in --out."),
        click.option(
            "--out",
            type=click.Path(file_okay=False, path_type=Path),
            metavar="DIR",
            help="Folder for the results [default: results/SCENARIO/TIME-HASH].",
        ),
    ):
        command = option(command)
    return command


def resumable_out(study: str) -> Callable[[F], F]:
    """Add the ``--out`` of a study that goes on from what its folder holds."""
    return click.option(
        "--out",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="Folder for what is finished and the tables; the same folder again goes on from "
        f"what is there [default: results/SCENARIO/{study}-HASH].",
    )


def study_folder(scenario: str, study: str, *content: object) -> Path:
    """The default of `resumable_out`: one folder for one scenario and content, found again."""
    import hashlib
    import json

    text = json.dumps(content[0] if len(content) == 1 else content)
    return (
        Path("results") / scenario / f"{study}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    )


def told_options(command: F) -> F:
    """Add ``--json``, ``--lang``, ``-q`` and ``--debug``."""
    for option in (debug_option, quiet_option, lang_option, json_option):
        command = option(command)
    return command


def quiet_option(command: F) -> F:
    """Add ``-q``."""
    return click.option(
        "-q", "--quiet", is_flag=True, help="No progress and no messages; errors are told."
    )(command)


def debug_option(command: F) -> F:
    """Add ``--debug``: show the traceback of a fault."""
    return click.option(
        "--debug",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=_note_debug,
        help="Show the traceback if the program itself fails.",
    )(command)


def _note_debug(context: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001
    if value and isinstance(context.obj, dict):
        context.obj["debug"] = True

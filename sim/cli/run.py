"""``gridgov run``: play a scenario, print what planners ask for, keep the rest in a folder."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sim.cli.engines import telling_of_engines
from sim.cli.options import (
    out_options,
    posterior_options,
    precision_options,
    run_options,
    set_option,
    told_options,
    wanted_precision,
    warm_up_override,
)
from sim.cli.problems import telling_plan_errors
from sim.errors import Language, StoreError

if TYPE_CHECKING:
    from sim.engine import EngineName
    from sim.experiment.results import Occasion
    from sim.experiment.runs import Runs
    from sim.experiment.targets import Outcome
    from sim.model.system import System
    from sim.scenario.reader import Reading

INTERRUPTED = 130


class Wish(NamedTuple):
    """What the user asked for."""

    replications: int
    seed: int
    workers: int | None
    engine: "EngineName | None"
    events: bool
    targets: bool
    lang: Language
    quiet: bool
    precision: tuple[float, tuple[str, ...]] | None
    """Wanted half-width as a share of the mean, and the metrics that it is about."""


@click.command("run")
@click.argument("file", metavar="SCENARIO", required=False)
@click.option(
    "--from-manifest",
    "manifest",
    type=click.Path(exists=True, path_type=Path),
    metavar="RESULTS",
    help="Repeat the run of a results folder exactly, instead of a SCENARIO.",
)
@run_options
@precision_options
@posterior_options
@set_option
@out_options
@click.option("--events", is_flag=True, help="Keep the event log of each replication.")
@click.option(
    "--no-targets",
    is_flag=True,
    help="Do not play the scenario before, against which reported changes are checked.",
)
@told_options
def run(  # noqa: PLR0913  (one argument per flag)
    *,
    file: str | None,
    manifest: Path | None,
    replications: int | None,
    seed: int | None,
    workers: int | None,
    engine: "EngineName | None",
    precision: str | None,
    precise: tuple[str, ...],
    warm_up: str | None,
    posterior: Path | None,
    claims_read_as: str | None,
    draws: int | None,
    overrides: tuple[str, ...],
    out: Path | None,
    force: bool,
    events: bool,
    no_targets: bool,
    as_json: bool,
    lang: Language,
    quiet: bool,
) -> None:
    """Play SCENARIO and print its resolution times with 95 % intervals.

    Tables, the full scenario and a manifest go to a folder of their own, which appears when
    all is there. Ctrl-C keeps the replications that are finished. Reported outcomes that the
    scenario names as targets are held against the figures; for a reported change the scenario
    before is played as well.
    """
    from sim.cli.predict import PosteriorWish, predict_if_wanted, wanted_ensemble
    from sim.cli.repeating import check_repeated, reading_for, record_of
    from sim.experiment.precisely import MOST
    from sim.experiment.store import check_free, draft, new_folder, point_to
    from sim.experiment.targets import check_targets
    from sim.scenario.resolve import resolved

    wanted = wanted_precision(precision, precise)
    others = {"--from-manifest": manifest, "--precision": precision, "--events": events,
              "--no-targets": no_targets}  # fmt: skip
    ensemble = wanted_ensemble(posterior, claims_read_as, draws, others, lang)
    changed = bool(overrides or replications or wanted or warm_up) or seed is not None
    record = record_of(file, manifest, lang, changed=changed)
    if record is not None:
        played = record.content["run"]
        replications, seed = played["replications"], played["seed"]
        events = events or (record.folder / "events").is_dir()
    reading = reading_for(file, overrides, record, lang)
    with (
        telling_plan_errors([reading]),
        telling_of_engines(engine, lang, quiet=quiet or as_json),
    ):
        cut, how = warm_up_override(
            warm_up, [reading.model], seed=seed, workers=workers, engine=engine, lang=lang
        )
    if cut:
        reading = reading_for(file, (*overrides, *cut), record, lang)
    flags = (replications, seed, workers, engine, out, force, as_json, lang, quiet)
    if predict_if_wanted([reading], how, PosteriorWish(ensemble, *flags)):
        return
    check_targets(reading)
    settings = reading.model.run
    wish = Wish(
        replications or (settings.replications if wanted is None else MOST),
        settings.seed if seed is None else seed,
        workers,
        engine,
        events,
        not no_targets,
        lang,
        quiet or as_json,
        wanted,
    )
    content = f"{resolved(reading)}\n{wish.replications} {wish.seed} {wish.precision or ''}"
    folder = out or new_folder(Path("results"), reading.model.name, content)
    try:
        check_free(folder, force=force)
    except StoreError as error:
        raise click.UsageError(error.message(lang)) from None
    with (
        telling_plan_errors([reading]),
        telling_of_engines(engine, lang, quiet=wish.quiet),
        draft(folder, force=force) as hidden,
    ):
        runs, occasion, outcomes = _play_into(hidden, reading, wish)
    if out is None:
        point_to(folder)
    if as_json:
        told = _record(reading, runs, occasion, folder, outcomes)
        told["warm_up"] = how or None
        click.echo(json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False))
    else:
        if how:
            click.echo(how)
        _tell(reading, runs, occasion, folder, outcomes, quiet=quiet)
    if len(runs.digests) < occasion.asked:
        sys.exit(INTERRUPTED)
    if record is not None:
        check_repeated(record, runs, lang, quiet=quiet or as_json)


def _play_into(
    hidden: Path, reading: "Reading[System]", wish: Wish
) -> "tuple[Runs, Occasion, list[Outcome]]":
    """Play the replications and fill the folder; an interruption keeps what is finished."""
    from sim.cli.progress import progress
    from sim.cli.targets import play_baselines
    from sim.experiment.cautions import cautions_of, precision_cautions
    from sim.experiment.figures import HEADLINE
    from sim.experiment.playing import Keep
    from sim.experiment.precisely import replicate_until
    from sim.experiment.replicate import Interrupted, replicate
    from sim.experiment.results import PARTS, Occasion, write_results
    from sim.experiment.targets import outcomes_of

    begun, reached = time.monotonic(), None
    try:
        with progress(wish.replications, reading.model.name, quiet=wish.quiet) as on_done:
            keep = Keep(hidden / "events" if wish.events else None, hidden / PARTS)
            if wish.precision is not None:
                share, of = wish.precision
                (runs,), reached = replicate_until(
                    [reading.model],
                    share,
                    of=of,
                    most=wish.replications,
                    seed=wish.seed,
                    workers=wish.workers,
                    engine=wish.engine,
                    on_done=on_done,
                    keep=keep,
                )
            else:
                runs = replicate(
                    reading.model,
                    wish.replications,
                    wish.seed,
                    workers=wish.workers,
                    engine=wish.engine,
                    on_done=on_done,
                    keep=keep,
                )
    except Interrupted as stopped:
        runs = stopped.runs
        _tell_interrupted(len(runs.digests), wish)
        if not runs.digests:
            raise KeyboardInterrupt from None
    if reached is not None:
        # What was played is what was asked for from here on, by the manifest as well.
        wish = wish._replace(replications=reached.n)
    cautions = cautions_of(runs, HEADLINE, wish.replications, reading.model)
    if reached is not None:
        cautions += precision_cautions(reached)
    whole = len(runs.digests) == wish.replications
    before = play_baselines(reading, wish) if wish.targets and whole else {}
    outcomes = outcomes_of(reading, runs, before)
    occasion = Occasion(wish.replications, time.monotonic() - begun, wish.lang, cautions)
    write_results(hidden, reading, runs, occasion, outcomes)
    return runs, occasion, outcomes


def _tell_interrupted(done: int, wish: Wish) -> None:
    asked = wish.replications
    if wish.lang == "zh":
        kept = "结果已保留" if done else "未写入任何内容"
        click.echo(f"已中断：完成 {asked} 次重复中的 {done} 次，{kept}。", err=True)
        return
    kept = "they are kept" if done else "nothing was written"
    click.echo(f"Interrupted: {done} of {asked} replications finished; {kept}.", err=True)


def _record(
    reading: "Reading[System]",
    runs: "Runs",
    occasion: "Occasion",
    folder: Path,
    outcomes: "list[Outcome]",
) -> dict[str, Any]:
    """The run as one JSON object."""
    from sim.cli.targets import as_json
    from sim.experiment.manifest import describe_runs
    from sim.experiment.results import count_origins

    return {
        "scenario": reading.model.name,
        "file": reading.files[0],
        "overrides": list(reading.overrides),
        "run": describe_runs(runs, reading.model.run, occasion.asked, occasion.seconds),
        "engine": runs.engine,
        "replications": len(runs.digests),
        "metrics": as_records(runs.summary()),
        "targets": as_json(outcomes, "zh" if occasion.lang == "zh" else "en"),
        "provenance": count_origins(reading),
        "folder": folder.as_posix(),
        "warnings": [caution.message(occasion.lang) for caution in occasion.cautions],
    }


def as_records(table: Any) -> list[dict[str, Any]]:  # noqa: ANN401  (pandas is imported late)
    """Rows of a table as JSON objects; what has no value is null."""
    plain = table.astype(object).where(table.notna(), None)
    return [dict(row) for row in plain.to_dict("records")]


def _tell(
    reading: "Reading[System]",
    runs: "Runs",
    occasion: "Occasion",
    folder: Path,
    outcomes: "list[Outcome]",
    *,
    quiet: bool,
) -> None:
    from sim.cli.tables import show_run
    from sim.cli.targets import show_outcomes

    lang: Language = "zh" if occasion.lang == "zh" else "en"
    show_run(reading, runs, lang)
    show_outcomes(outcomes, lang)
    if quiet:
        return
    for caution in occasion.cautions:
        click.secho(f"! {caution.message(lang)}", err=True, fg="yellow")
    where = "结果" if lang == "zh" else "Results"
    click.echo(f"{where}: {folder.as_posix()} ({occasion.seconds:.1f} s)", err=True)

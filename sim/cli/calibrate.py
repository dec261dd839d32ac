"""``gridgov calibrate``: what reported outcomes say of the assumptions of a scenario."""

import json
import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sim.cli.engines import telling_of_engines
from sim.cli.options import (
    fixed_run_options,
    resumable_out,
    set_option,
    study_folder,
    told_options,
)
from sim.cli.problems import telling_plan_errors
from sim.errors import AnalysisError, Language, StoreError

if TYPE_CHECKING:
    from sim.analysis.acceptance import Settings
    from sim.engine import EngineName
    from sim.experiment.attempts import Attempts
    from sim.experiment.calibrate import Method, Question
    from sim.experiment.calibrate_results import Answer

INTERRUPTED = 130


class Wish(NamedTuple):
    """How it is to be done."""

    settings: "Settings"
    method: "Method"
    replications: int
    engine: "EngineName | None"
    workers: int | None
    lang: Language
    quiet: bool


@click.command("calibrate")
@click.argument("file", metavar="SCENARIO")
@click.option(
    "--vary",
    multiple=True,
    metavar="PATH",
    help="Assumptions that may move: a field with a range, or all below it (may be given "
    "several times; PATH@SCENARIO for one of the scenario before) [default: all].",
)
@click.option("--hold-out", multiple=True, metavar="TARGET", help="Simulate it, use it not.")
@click.option(
    "--read",
    "read_as",
    multiple=True,
    metavar="TARGET=READING",
    help="Take a claim in this reading only [default: in each].",
)
@click.option(
    "--method",
    type=click.Choice(["emulator", "smc"]),
    default="emulator",
    show_default=True,
    help="emulator: guided, accepts exactly; smc: plain sequential Monte Carlo.",
)
@click.option(
    "--runs",
    type=click.IntRange(20, 10_000_000),
    default=400,
    show_default=True,
    metavar="N",
    help="Most runs in each reading; the design is shared by all readings.",
)
@click.option(
    "--accept",
    type=click.IntRange(10, 1_000_000),
    default=100,
    show_default=True,
    metavar="N",
    help="Accepted runs, in effective number, at which to stop.",
)
@click.option(
    "--design",
    type=click.IntRange(20, 10_000),
    metavar="N",
    help="Runs of the first design, which finds out the assumptions that move a target; the "
    "others are drawn from their priors [default: one for each assumption, within a quarter "
    "and a half of --runs, at most 240].",
)
@fixed_run_options
@set_option
@resumable_out("calibrate")
@told_options
def calibrate(  # noqa: PLR0913  (one argument per flag)
    *,
    file: str,
    vary: tuple[str, ...],
    hold_out: tuple[str, ...],
    read_as: tuple[str, ...],
    method: "Method",
    runs: int,
    accept: int,
    design: int | None,
    replications: int,
    seed: int,
    workers: int | None,
    engine: "EngineName | None",
    overrides: tuple[str, ...],
    out: Path | None,
    as_json: bool,
    lang: Language,
    quiet: bool,
) -> None:
    """Find the values of SCENARIO's assumptions with which it meets its targets.

    Every run is kept at once; a calibration that was stopped, however hard, goes on when the
    same command is given again, and ends the same.
    """
    from sim.analysis.acceptance import Settings
    from sim.experiment.attempts import JOURNAL, Attempts
    from sim.experiment.calibrate import calibrate as search_all
    from sim.experiment.calibrate import work_of
    from sim.experiment.calibrate_results import answers_of, write_calibration

    question = _question(file, overrides, vary, hold_out, read_as, lang)
    if design is not None and (design > runs or method == "smc"):
        text = "不得超过 --runs，且不能与 --method smc 同用" if lang == "zh" else (
            "is at most --runs, and not for --method smc"
        )  # fmt: skip
        raise click.BadParameter(text, param_hint="--design")
    settings = Settings(seed=seed, wanted=accept, budget=runs, training=design)
    wish = Wish(settings, method, replications, engine, workers, lang, quiet or as_json)
    folder = out or _default_folder(question, wish)
    begun = time.monotonic()
    with (
        telling_plan_errors(question.readings),
        telling_of_engines(engine, lang, quiet=wish.quiet),
    ):
        work = work_of(question, seed, replications, engine)
    _check_method(question, wish)
    _make(folder, lang)
    total = runs * len(question.combinations())
    attempts = Attempts(work, folder / JOURNAL, workers=workers)
    try:
        with _watching(attempts, total, question, quiet=wish.quiet):
            found = search_all(question, attempts, settings, method)
    except KeyboardInterrupt:
        _tell_interrupted(attempts, folder, lang)
        sys.exit(INTERRUPTED)
    answers = [_named(answer, question) for answer in answers_of(question, found)]
    told = _told(question, attempts, wish, time.monotonic() - begun)
    write_calibration(folder, question, answers, told, lang, partial(_draw, folder, lang))
    if as_json:
        record = _record(question, answers, told, folder)
        click.echo(json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False))
        return
    from sim.cli.calibrate_tables import show_calibration

    show_calibration(question, answers, told, lang)
    if not quiet:
        where = "结果" if lang == "zh" else "Results"
        click.echo(f"{where}: {folder.as_posix()} ({told['seconds']:.0f} s)", err=True)


def _question(
    file: str,
    overrides: tuple[str, ...],
    vary: tuple[str, ...],
    hold_out: tuple[str, ...],
    read_as: tuple[str, ...],
    lang: Language,
) -> "Question":
    from sim.experiment.calibrate import question_of
    from sim.experiment.points import UnknownPath

    chosen = {}
    for text in read_as:
        name, equals, reading = text.partition("=")
        if not equals:
            raise click.BadParameter(
                f"“{text}”应写成 TARGET=READING" if lang == "zh" else
                f"'{text}' must be TARGET=READING", param_hint="--read",
            )  # fmt: skip
        chosen[name.strip()] = reading.strip()
    try:
        return question_of(file, overrides, vary=vary, hold_out=hold_out, read_as=chosen)
    except UnknownPath as error:
        raise click.BadParameter(unknown_text(error, lang), param_hint="--vary") from None
    except AnalysisError as error:
        raise click.UsageError(error.message(lang)) from None


def unknown_text(error: Any, lang: Language) -> str:  # noqa: ANN401  (imported late)
    """Say that nothing assumed lies at a path."""
    near = "、".join(error.near) if lang == "zh" else " or ".join(error.near)
    if lang == "zh":
        return f"“{error.path}”处没有带范围的假定。" + (f"是否指 {near}？" if near else "")
    hint = f" Did you mean {near}?" if near else ""
    return f"nothing at '{error.path}' is assumed with a range.{hint}"


def _check_method(question: "Question", wish: Wish) -> None:
    from sim.experiment.calibrate import check_method

    try:
        check_method(question, wish.settings, wish.method)
    except AnalysisError as error:
        raise click.UsageError(error.message(wish.lang)) from None


def _default_folder(question: "Question", wish: Wish) -> Path:
    """The same for the same question, so that work is found again."""
    from sim.experiment.blocks import scenario_digest

    return study_folder(
        question.readings[0].model.name,
        "calibrate",
        [scenario_digest(reading.model) for reading in question.readings],
        [one.name for one in question.unknowns],
        [one.name for one in question.outputs],
        list(question.held_out),
        list(wish.settings[:4]),
        wish.method,
        wish.replications,
    )


def _make(folder: Path, lang: Language) -> None:
    """The folder, unless it belongs to something else."""
    from sim.experiment.attempts import JOURNAL

    try:
        check_own(folder, JOURNAL)
        folder.mkdir(parents=True, exist_ok=True)
        # The journal comes first: a folder without it would be taken for somebody else's.
        (folder / JOURNAL).touch()
    except OSError as error:
        raise click.UsageError(f"{folder}: {error}") from None
    except StoreError as error:
        raise click.UsageError(f"{folder}: {error.message(lang)}") from None


def check_own(folder: Path, journal: str) -> None:
    """Refuse a folder that holds files but no journal.

    Raises
    ------
    StoreError
        If it does.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / journal).is_file():
        raise StoreError(
            "it holds files of something else; choose another --out.",
            "其中有其他内容的文件；请另选 --out。",
        )


class _watching:  # noqa: N801  (used as a context)
    """A progress bar over attempts."""

    def __init__(
        self, attempts: "Attempts", total: int, question: "Question", *, quiet: bool
    ) -> None:
        from sim.cli.progress import progress

        self.attempts = attempts
        self.bar = progress(total, question.readings[0].model.name, quiet=quiet)

    def __enter__(self) -> None:
        self.attempts.on_done = self.bar.__enter__()

    def __exit__(self, *error: object) -> None:
        self.bar.__exit__(*error)  # type: ignore[arg-type]


def _tell_interrupted(attempts: "Attempts", folder: Path, lang: Language) -> None:
    kept = len(attempts.known)
    click.echo(
        f"已中断：{kept} 次运行保留在 {folder.as_posix()}；再次运行同一命令即可继续。"
        if lang == "zh"
        else f"Interrupted: {kept} runs are kept in {folder.as_posix()}; the same command goes "
        f"on from there.",
        err=True,
    )


def _told(
    question: "Question", attempts: "Attempts", wish: Wish, seconds: float
) -> dict[str, Any]:
    return {
        "method": wish.method,
        "seed": wish.settings.seed,
        "budget": wish.settings.budget,
        "wanted": wish.settings.wanted,
        "replications": wish.replications,
        "engine": attempts.work.engine,
        "unknowns": len(question.unknowns),
        "held_out": list(question.held_out),
        "scenarios": [reading.model.name for reading in question.readings],
        "played": attempts.played,
        "refused": attempts.refused,
        "seconds": round(seconds, 1),
    }


def _named(answer: "Answer", question: "Question") -> "Answer":
    """With what people call the assumptions, as the figures do."""
    from sim.report.names import assumption_names
    from sim.report.words import Say

    table = answer.parameters
    paths = [str(path) for path in table["parameter"]]
    # Of a scenario before, an assumption is PATH@SCENARIO.
    parts = [path.partition("@") for path in paths]
    known = assumption_names([path for path, _, _ in parts], question.readings[0].model)
    said = [
        Say(f"{name.en} ({at})", f"{name.zh}（{at}）") if at else name
        for path, _, at in parts
        for name in [known.get(path) or Say(path, path)]
    ]
    named = table.assign(name_en=[one.en for one in said], name_zh=[one.zh for one in said])
    return answer._replace(parameters=named)


def _draw(folder: Path, lang: Language, record: Mapping[str, Any]) -> None:
    """The figures of what was written, as ``gridgov plot`` draws them again."""
    from sim.experiment.blocks import write_whole
    from sim.experiment.stored import Stored, Unreadable
    from sim.report.studies import charts_of
    from sim.report.style import to_bytes

    try:
        charts = charts_of(Stored(folder, folder.name, dict(record)), lang)
    except Unreadable:  # no run was accepted
        return
    for name, chart in charts.items():
        write_whole(folder / f"{name}.svg", to_bytes(chart))


def _record(
    question: "Question", answers: "list[Answer]", told: dict[str, Any], folder: Path
) -> dict[str, Any]:
    from sim.cli.run import as_records
    from sim.experiment.calibrate_results import describe

    return {
        "scenario": question.readings[0].model.name,
        **told,
        "readings": [
            {
                **describe(question, answer),
                "parameters": as_records(answer.parameters),
                "targets": as_records(answer.claims),
            }
            for answer in answers
        ],
        "folder": folder.as_posix(),
    }

"""``gridgov import``: a log of service requests becomes a scenario that replays it."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.logs import Asked, log_options, read
from sim.cli.options import debug_option, json_option, lang_option
from sim.errors import Language

if TYPE_CHECKING:
    from sim.experiment.log_model import Choice, LogModel


@click.command("import")
@log_options
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.yaml",
    help="Write a scenario that replays the log.",
)
@click.option(
    "--cases",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.csv",
    help="Write what was read case by case, with on-time closing recomputed.",
)
@click.option("--force", is_flag=True, help="Replace files that are there.")
@click.option(
    "--least",
    type=click.IntRange(1),
    default=30,
    show_default=True,
    help="Types with fewer requests become one class.",
)
@click.option(
    "--laws",
    type=click.Choice(["auto", "fitted", "observed"]),
    default="auto",
    show_default=True,
    help="Closing times in the scenario: a fitted family unless its test refuses it, the best "
    "family in any case, or the observed quantiles.",
)
@click.option(
    "--hands-on",
    default="15 min",
    show_default=True,
    metavar="LENGTH",
    help="Assumed hands-on time of a request; logs hold none.",
)
@click.option(
    "--households",
    type=click.IntRange(0, 50_000_000),
    default=0,
    metavar="N",
    help="Households of the place, for staff per household.",
)
@json_option
@lang_option
@debug_option
def import_log(  # noqa: PLR0913 - one argument per flag
    *,
    asked: Asked,
    out: Path | None,
    cases: Path | None,
    force: bool,
    least: int,
    laws: "Choice",
    hands_on: str,
    households: int,
    as_json: bool,
    lang: Language,
) -> None:
    """Read LOG, say what it holds and what was left out, and make a scenario of it.

    Times of arrival, over-dispersion and closing times are estimated class by class; requests
    still open count as censored.
    """
    from sim.cli.logs_tables import model_record, show_model
    from sim.experiment.log_model import estimate
    from sim.units import parse_duration

    try:
        minutes = parse_duration(hands_on)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--hands-on") from None
    _check_free([path for path in (out, cases) if path is not None], lang, force=force)
    found = read(asked, lang)
    model = estimate(found, least=least, choice=laws)
    if out is not None:
        _write_scenario(model, out, minutes, households)
    if cases is not None:
        _write_cases(model, cases)
    if as_json:
        record = model_record(model)
        record["scenario"] = out.as_posix() if out else None
        click.echo(json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False))
        return
    show_model(model, lang)
    if out is not None:
        click.echo(
            f"gridgov replay {asked.log} --as {asked.form} --scenario {out} --demand scenario",
            err=True,
        )


def _write_scenario(model: "LogModel", out: Path, hands_on: int, households: int) -> None:
    from sim.experiment.log_scenario import scenario_text
    from sim.experiment.store import write_pieces

    name = re.sub(r"[^\w\-]", "_", out.stem)
    name = name if re.match(r"[^\W\d]", name) else f"scenario_{name}"
    text = scenario_text(model, name, hands_on=hands_on, households=households)
    write_pieces([text], out)


def _write_cases(model: "LogModel", path: Path) -> None:
    from sim.exchange.case_list import case_list
    from sim.experiment.store import write_pieces

    write_pieces(case_list(model.log), path)


def _check_free(paths: list[Path], lang: Language, *, force: bool) -> None:
    taken = [path for path in paths if path.exists()]
    if taken and not force:
        raise click.UsageError(
            f"{taken[0]} 已存在；用 --force 覆盖。"
            if lang == "zh"
            else f"{taken[0]} is there already; --force replaces it."
        )

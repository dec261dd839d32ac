"""``gridgov resolve``: a scenario with nothing left unsaid."""

import json
from typing import TYPE_CHECKING

import click

from sim.cli.language import in_each_language
from sim.cli.problems import json_option, lang_option, set_option, stop
from sim.errors import Language, ScenarioError

if TYPE_CHECKING:
    from sim.cli.staffing import Record


@click.command("resolve")
@click.argument("file", metavar="SCENARIO")
@set_option
@click.option("--paths", is_flag=True, help="One line per value, with its path for --set.")
@json_option
@lang_option
def resolve(
    *, file: str, overrides: tuple[str, ...], paths: bool, as_json: bool, lang: Language
) -> None:
    """Write a scenario out in full: inherited parts, defaults, where each number comes from.

    The text is a scenario itself and means the same. Comments at its end show the arithmetic
    of every head count: rules, rounding, totals, and how they are shared out.
    """
    from sim.cli.staffing import staffing_records
    from sim.scenario.laying_out import compile_reading
    from sim.scenario.reader import load_scenario
    from sim.scenario.resolve import provenance_of, resolved, settings, written_out

    try:
        reading = load_scenario(file, overrides)
        staffing = staffing_records(reading.model, compile_reading(reading))
    except ScenarioError as error:
        stop(error, lang, as_json=as_json)
    if as_json:
        origins = provenance_of(reading)
        record = {
            "scenario": written_out(reading.model),
            "provenance": {path: origin.model_dump() for path, origin in origins.items()},
            "staffing": staffing,
            "files": reading.files,
            "overrides": reading.overrides,
        }
        click.echo(json.dumps(record, ensure_ascii=False, indent=1))
    elif paths:
        origins = provenance_of(reading)
        for path, value in settings(reading):
            known = origins.get(path)
            note = f"  # {known.kind}" if known and known.kind != "plain" else ""
            click.echo(f"{path}={value}{note}")
    else:
        click.echo(resolved(reading), nl=False)
        _show_staffing(staffing, lang)


@in_each_language
def _show_staffing(staffing: "list[Record]", lang: Language) -> None:
    from sim.cli.staffing import staffing_comment

    click.echo(staffing_comment(staffing, lang), nl=False)

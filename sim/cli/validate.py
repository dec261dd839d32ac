"""``gridgov validate``: say everything that is wrong with scenarios, and run nothing."""

import json
import sys
from typing import TYPE_CHECKING

import click

from sim.cli.problems import (
    INVALID,
    as_records,
    json_option,
    lang_option,
    set_option,
    unique,
)
from sim.errors import Language, Problem, ScenarioError

if TYPE_CHECKING:
    from sim.model.system import System
    from sim.scenario.reader import Reading


@click.command("validate")
@click.argument("files", nargs=-1, required=True, metavar="SCENARIO...")
@set_option
@json_option
@lang_option
@click.option("-q", "--quiet", is_flag=True, help="Say nothing when all is well.")
def validate(
    *,
    files: tuple[str, ...],
    overrides: tuple[str, ...],
    as_json: bool,
    lang: Language,
    quiet: bool,
) -> None:
    """Check scenarios: all problems at once, each with its place and what to do.

    Exit code 2 if anything is wrong.
    """
    from sim.scenario.laying_out import compile_reading
    from sim.scenario.reader import load_scenario

    problems: list[Problem] = []
    valid: list[str] = []
    for file in files:
        try:
            reading = load_scenario(file, overrides)
            compile_reading(reading)
            _check_targets(reading)
            valid.append(file)
        except ScenarioError as error:
            problems.extend(error.problems)
    if as_json:
        records = as_records(problems, lang)
        click.echo(
            json.dumps({"valid": valid, "errors": records}, ensure_ascii=False, indent=1)
        )
    else:
        _tell(valid if not quiet else [], problems, lang)
    if problems:
        sys.exit(INVALID)


def _check_targets(reading: "Reading[System]") -> None:
    """What only the catalogue of metrics knows; it is not read for nothing."""
    if reading.model.targets:
        from sim.experiment.targets import check_targets

        check_targets(reading)


def _tell(valid: list[str], problems: list[Problem], lang: Language) -> None:
    for file in valid:
        click.echo(f"{file}：正确" if lang == "zh" else f"{file}: valid")
    if problems:
        click.echo(ScenarioError(unique(problems)).render(lang), err=True)

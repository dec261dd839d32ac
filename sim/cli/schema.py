"""``gridgov schema``: the JSON Schema that gives editors completion and hover text."""

import sys
from pathlib import Path

import click

from sim.cli.language import lang_option
from sim.errors import Language

_CHECK_FAILED = 3


@click.command("schema")
@click.option(
    "--check",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Compare with this file instead; exit code 3 if it is out of date.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file."
)
@lang_option
def schema(*, check: Path | None, out: Path | None, lang: Language) -> None:
    """Print the JSON Schema of scenarios.

    Editors use it when a scenario begins with
    "# yaml-language-server: $schema=scenario.schema.json".
    """
    from sim.model.system import System
    from sim.scenario.schema import schema_text

    text = schema_text(System)
    if check is not None:
        if check.read_text(encoding="utf-8") != text:
            again = f"gridgov schema --out {check}"
            click.echo(
                f"{check} 已过时；请运行：{again}"
                if lang == "zh"
                else f"{check} is out of date; run: {again}",
                err=True,
            )
            sys.exit(_CHECK_FAILED)
        click.echo(f"{check} 是最新的" if lang == "zh" else f"{check} is up to date", err=True)
    elif out is not None:
        out.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)

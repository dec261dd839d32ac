"""``gridgov doctor``: what this installation is, and whether it does what it should."""

import json
import sys
from collections.abc import Iterable

import click

from sim.cli.checkup import Finding, findings, self_test
from sim.cli.options import debug_option
from sim.cli.problems import json_option, lang_option
from sim.errors import Language

CHECK_FAILED = 3


@click.command("doctor")
@click.option("--quick", is_flag=True, help="Leave the self test of about ten seconds out.")
@json_option
@lang_option
@debug_option
def doctor(*, quick: bool, as_json: bool, lang: Language) -> None:
    """Check this installation: versions, engines, fonts, folders, terminal, and a self test.

    Exit code 3 if something does not work.
    """
    found: list[Finding] = []
    for finding in _in_turn(findings(), [] if quick else self_test()):
        found.append(finding)
        if not as_json:
            _show(finding, lang)
    if as_json:
        click.echo(json.dumps(_described(found, lang), ensure_ascii=False, indent=1))
    if any(finding.state == "bad" for finding in found):
        sys.exit(CHECK_FAILED)


def _in_turn(*groups: Iterable[Finding]) -> Iterable[Finding]:
    for group in groups:
        yield from group


def _show(finding: Finding, lang: Language) -> None:
    mark, colour = {"ok": ("+", "green"), "note": ("!", "yellow"), "bad": ("x", "red")}[
        finding.state
    ]
    click.echo(f"{click.style(mark, fg=colour)} {finding.message(lang)}")


def _described(found: list[Finding], lang: Language) -> dict[str, object]:
    return {
        "works": all(finding.state != "bad" for finding in found),
        "findings": [
            {"key": each.key, "state": each.state, "message": each.message(lang)}
            for each in found
        ],
    }

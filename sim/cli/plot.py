"""``gridgov plot``: figures of results that were written before, as files."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import debug_option
from sim.cli.problems import INVALID, default_language

if TYPE_CHECKING:
    from sim.experiment.stored import Stored
    from sim.report.style import Chart, Format
    from sim.report.words import Lang

FIGURE_NAMES = (
    "frontier",
    "heat-map",
    "open-requests",
    "resolution-times",
    "utilisation",
    "differences",
    "fairness",
)
"""Those of `sim.report.figures`, which is imported when something is drawn."""


@click.command("plot")
@click.argument(
    "folders",
    nargs=-1,
    required=True,
    metavar="RESULTS...",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option(
    "--figure",
    "names",
    multiple=True,
    type=click.Choice(FIGURE_NAMES),
    help="Draw this one (may be given several times) [default: all that can be drawn].",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder for the figures [default: figures/ in the first results folder].",
)
@click.option(
    "--format", "kind", type=click.Choice(["svg", "png", "pdf"]), default="svg",
    show_default=True, help="Kind of file.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Replace figures that differ.")
@click.option(
    "--lang",
    type=click.Choice(["en", "zh", "both"]),
    default=default_language,
    help="Language of the figures (also SIM_LANG).",
)
@debug_option
def plot(
    *,
    folders: tuple[Path, ...],
    names: tuple[str, ...],
    out: Path | None,
    kind: "Format",
    force: bool,
    lang: "Lang",
) -> None:
    """Draw the figures of results folders: one, or several to compare, the baseline first.

    Of a folder of gridgov sensitivity: what each assumption moves. Of gridgov calibrate:
    reported against simulated, and what is known of each assumption.
    """
    from sim.experiment.stored import Unreadable
    from sim.report.figures import FIGURES
    from sim.report.style import to_bytes

    target = out or folders[0] / "figures"
    if len(folders) == 1 and not names and (charts := _of_study(folders[0], lang)):
        made = {
            target / f"{name}.{kind}": to_bytes(chart, kind) for name, chart in charts.items()
        }
        _write(made, lang, force=force)
        return
    found = _read(folders, lang)
    drawn: dict[Path, bytes] = {}
    for name in names or FIGURES:
        try:
            figure = FIGURES[name](found, lang)
        except Unreadable as reason:
            message = f"{name}: {reason.message(lang)}"
            if names:
                click.echo(message, err=True)
                sys.exit(INVALID)
            click.secho(f"- {message}", err=True, dim=True)
            continue
        drawn[target / f"{name}.{kind}"] = to_bytes(figure, kind)
    _write(drawn, lang, force=force)


def _of_study(folder: Path, lang: "Lang") -> "dict[str, Chart]":
    """Figures of a calibration or a sensitivity analysis; none if it is something else."""
    from sim.experiment.stored import Unreadable, read_study
    from sim.report.studies import charts_of

    try:
        found = read_study(folder)
        return charts_of(found, lang) if found else {}
    except Unreadable as error:
        raise click.UsageError(f"{folder}: {error.message(lang)}") from None


def _write(drawn: dict[Path, bytes], lang: str, *, force: bool) -> None:
    """Write all figures, or none if one would replace something else."""
    taken = [
        path for path, data in drawn.items() if path.exists() and path.read_bytes() != data
    ]
    if taken and not force:
        raise click.UsageError(
            f"{taken[0]}已存在且内容不同；用 --force 覆盖。"
            if lang == "zh"
            else f"{taken[0]} is there already and differs; --force replaces it."
        )
    for path, data in drawn.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        click.echo(str(path))


def _read(folders: Sequence[Path], lang: str) -> "list[Stored]":
    """The runs that lie in the folders; a comparison is all of its scenarios."""
    from sim.experiment.stored import Unreadable, read_all

    try:
        found = read_all(folders)
    except Unreadable as error:
        raise click.UsageError(error.message(lang)) from None
    return [member for one in found for member in one.members]

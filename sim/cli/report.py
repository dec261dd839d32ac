"""``gridgov report``: results as one HTML file that opens anywhere, without a network."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.options import debug_option
from sim.cli.problems import default_language

if TYPE_CHECKING:
    from sim.report.words import Lang


@click.command("report")
@click.argument(
    "folder",
    metavar="RESULTS",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The file [default: report.html in RESULTS].",
)
@click.option("--force", is_flag=True, help="Replace a file that differs.")
@click.option(
    "--lang",
    type=click.Choice(["en", "zh", "both"]),
    default=default_language,
    help="Language of the report (also SIM_LANG).",
)
@debug_option
def report(*, folder: Path, out: Path | None, force: bool, lang: "Lang") -> None:
    """Write RESULTS (a folder of run, compare or sweep) as one HTML file.

    The file holds its figures, its font and, of a sweep, every point for its sliders. It opens
    offline, loads nothing, and prints on A4.
    """
    from sim.experiment.blocks import write_whole
    from sim.experiment.stored import Unreadable, read_stored
    from sim.report.page.document import report as written

    try:
        text = written(read_stored(folder), lang)
    except Unreadable as error:
        raise click.UsageError(error.message(lang)) from None
    target = out or folder / "report.html"
    data = text.encode("utf-8")
    if target.exists() and target.read_bytes() != data and not force:
        raise click.UsageError(
            f"{target}已存在且内容不同；用 --force 覆盖。"
            if lang == "zh"
            else f"{target} is there already and differs; --force replaces it."
        )
    write_whole(target, data)
    click.echo(str(target))

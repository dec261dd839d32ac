"""``gridgov workbook``: results, or a scenario, as one file for a spreadsheet program."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.language import one_language_option
from sim.cli.options import debug_option, quiet_option
from sim.errors import Language

if TYPE_CHECKING:
    from sim.experiment.stored import Stored
    from sim.report.book import Content

NAME = "results.xlsx"


@click.command("workbook")
@click.argument(
    "folders",
    nargs=-1,
    required=True,
    metavar="RESULTS...",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.xlsx",
    help=f"The workbook [default: {NAME} in the first results folder].",
)
@click.option("--force", is_flag=True, help="Replace the workbook if it is there.")
@one_language_option
@quiet_option
@debug_option
def workbook(
    *, folders: tuple[Path, ...], out: Path | None, force: bool, lang: Language, quiet: bool
) -> None:
    """Write a workbook of RESULTS: figures, charts, comparison, and the inputs to edit.

    Of several folders the first is the baseline. Changed inputs become a scenario again with
    gridgov new FILE --from WORKBOOK.
    """
    from sim.experiment.stored import Unreadable, read_all

    try:
        content = _content(read_all(folders))
    except Unreadable as error:
        raise click.UsageError(error.message(lang)) from None
    path = out or folders[0] / NAME
    write_workbook(path, content, lang, force=force)
    if not quiet:
        again = f"gridgov new mine.yaml --from {path.as_posix()}"
        click.echo(f"{'改动参数后' if lang == 'zh' else 'After a change'}: {again}", err=True)
    click.echo(path.as_posix())


def write_workbook(path: Path, content: "Content", lang: Language, *, force: bool) -> None:
    """Write a workbook whole; refuse to replace another file unless that is asked for."""
    from sim.experiment.blocks import write_whole
    from sim.report.book import workbook as made

    if path.suffix.lower() != ".xlsx":
        raise click.UsageError(
            f"{path} 应以 .xlsx 结尾。" if lang == "zh" else f"{path} must end in .xlsx."
        )
    if path.exists() and not force:
        raise click.UsageError(
            f"{path} 已存在；用 --force 覆盖。"
            if lang == "zh"
            else f"{path} is already there; --force replaces it."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, made(content, lang))


def _content(found: "Sequence[Stored]") -> "Content":
    """The results with their paired differences, where they met the same demand."""
    from sim.experiment.stored import Unreadable, compared
    from sim.report.book import Content

    members = [member for one in found for member in one.members]
    differences = None
    runs = [one for one in members if one.kind != "sweep"]
    if len(found) == 1 and found[0].kind == "compare":
        differences = found[0].table("differences.csv")
    elif len(runs) > 1:
        seeds = {one.run["seed"] for one in runs}
        if len(seeds) > 1:
            listed = sorted(seeds)
            raise Unreadable(
                f"paired differences need one seed; these have {listed}",
                f"配对差需要相同的随机种子；这些结果的种子为{listed}",
            )
        differences = compared(runs)
    return Content(found[0].reading, members, differences)

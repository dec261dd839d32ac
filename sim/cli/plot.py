"""``gridgov plot``: figures of results that were written before, as files."""

import json
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import click

from sim.cli.options import debug_option
from sim.cli.problems import INVALID, default_language

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.design import Lever
    from sim.report.style import Chart, Format
    from sim.report.words import Lang

MANIFEST = "manifest.json"
_TEXTS = ("metric", "by", "group", "unit", "mode", "class", "level", "place", "outcome")


class Results(NamedTuple):
    """One results folder, its tables read when they are needed."""

    folder: Path
    name: str
    manifest: dict[str, Any]

    def table(self, name: str) -> "pd.DataFrame":
        """A table of the folder.

        Raises
        ------
        Missing
            If it is not there.
        """
        import pandas as pd

        path = self.folder / name
        if not path.is_file():
            raise Missing(f"{path} is not there", f"缺少{path}")
        # A group may be called NA, and the unit of a share is written 1.
        return pd.read_csv(
            path,
            encoding="utf-8-sig",
            dtype=dict.fromkeys(_TEXTS, "str"),
            keep_default_na=False,
            na_values=[""],
        )


class Missing(Exception):  # noqa: N818  (not a fault: this figure needs more than there is)
    """Why a figure cannot be drawn from these results."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh

    def message(self, lang: str) -> str:
        """The reason in the language of the user."""
        return self.zh if lang == "zh" else self.en


def _open_requests(found: Sequence[Results], lang: "Lang") -> "Chart":
    import pandas as pd

    from sim.report.plots import open_requests

    if len(found) == 1:
        return open_requests(found[0].table("daily.csv"), lang=lang)
    tables = [one.table("daily.csv").assign(scenario=one.name) for one in found]
    return open_requests(pd.concat(tables, ignore_index=True), lang=lang)


def _resolution_times(found: Sequence[Results], lang: "Lang") -> "Chart":
    from sim.report.plots import resolution_times

    one = _only(found)
    try:
        cases = one.table("cases.csv.gz")
    except Missing:
        raise Missing(
            "it needs the table of cases; play the scenario with --cases",
            "需要逐件数据；请用 --cases 运行情景",
        ) from None
    if cases.empty:
        raise Missing("no request was reported", "没有诉求")
    return resolution_times(cases, observed_until=_end(one), lang=lang)


def _utilisation(found: Sequence[Results], lang: "Lang") -> "Chart":
    from sim.report.plots import utilisation

    return _drawn(lambda: utilisation(_only(found).table("summary.csv"), lang=lang))


def _fairness(found: Sequence[Results], lang: "Lang") -> "Chart":
    from sim.report.plots import fairness

    return _drawn(lambda: fairness(_only(found).table("summary.csv"), lang=lang))


def _differences(found: Sequence[Results], lang: "Lang") -> "Chart":
    from sim.report.plots import differences

    if len(found) == 1 and (found[0].folder / "differences.csv").is_file():
        table = found[0].table("differences.csv")
    elif len(found) == 1:
        raise Missing(
            "it needs two results folders or more; give the baseline first",
            "需要两个以上结果文件夹；基准在前",
        )
    else:
        table = _compared(found)
    return _drawn(lambda: differences(table, lang=lang))


def _frontier(found: Sequence[Results], lang: "Lang") -> "Chart":
    from sim.report.plots import frontier, frontier_points

    if _is_sweep(found):
        return _sweep_frontier(found[0], lang)
    if len(found) < 2:
        raise Missing("it needs two results folders or more", "需要两个以上结果文件夹")
    points = frontier_points({one.name: one.table("summary.csv") for one in found})
    return _drawn(lambda: frontier(points, lang=lang))


def _is_sweep(found: Sequence[Results]) -> bool:
    return len(found) == 1 and "sweep" in found[0].manifest


def _sweep_frontier(one: Results, lang: "Lang") -> "Chart":
    from sim.report.plots import frontier

    sweep = one.manifest["sweep"]
    x, y = sweep["cost"], sweep["against"]
    names = {
        f"{metric}{end}": f"{axis}{end}"
        for axis, metric in (("x", x), ("y", y))
        for end in ("", "_low", "_high")
    }
    points = one.table("frontier.csv").rename(columns=names).dropna(subset=["x", "y"])
    return _drawn(lambda: frontier(points, x=x, y=y, lang=lang))


def _heat_map(found: Sequence[Results], lang: "Lang") -> "Chart":
    from sim.experiment.design import Lever, short_names
    from sim.report.plots import heat_map

    if not _is_sweep(found) or len(found[0].manifest["sweep"]["levers"]) != 2:
        raise Missing("it needs a sweep of two levers", "需要两个变量的 gridgov sweep 结果")
    sweep = found[0].manifest["sweep"]
    levers = [Lever(path, tuple(values)) for path, values in sweep["levers"].items()]
    metric, (y, x) = sweep["against"], short_names(list(sweep["levers"]))
    table = found[0].table("sweep.csv")
    cells = table[(table["metric"] == metric) & (table["by"] == "all")]
    settings = {name: _setting(cells["point"], levers, i) for i, name in enumerate((y, x))}
    return _drawn(
        lambda: heat_map(cells.assign(**settings), x=x, y=y, metric=metric, lang=lang)
    )


def _setting(points: "pd.Series[int]", levers: "Sequence[Lever]", place: int) -> Any:  # noqa: ANN401
    """The values of one lever as the user wrote and ordered them."""
    import pandas as pd

    from sim.experiment.design import grid

    known, lever = grid(levers), levers[place]
    texts = [known[number - 1].values[place] for number in points]
    if lever.is_number:
        return [float(text) for text in texts]
    return pd.Categorical(texts, list(lever.values), ordered=True)


FIGURES: dict[str, Callable[[Sequence[Results], "Lang"], "Chart"]] = {
    "frontier": _frontier,
    "heat-map": _heat_map,
    "open-requests": _open_requests,
    "resolution-times": _resolution_times,
    "utilisation": _utilisation,
    "differences": _differences,
    "fairness": _fairness,
}


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
    type=click.Choice(list(FIGURES)),
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
    """Draw the figures of results folders: one, or several to compare, the baseline first."""
    from sim.report.style import to_bytes

    found = _read(folders, lang)
    target = out or folders[0] / "figures"
    drawn: dict[Path, bytes] = {}
    for name in names or FIGURES:
        try:
            figure = FIGURES[name](found, lang)
        except Missing as missing:
            message = f"{name}: {missing.message(lang)}"
            if names:
                click.echo(message, err=True)
                sys.exit(INVALID)
            click.secho(f"- {message}", err=True, dim=True)
            continue
        drawn[target / f"{name}.{kind}"] = to_bytes(figure, kind)
    _write(drawn, lang, force=force)


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


def _read(folders: Sequence[Path], lang: str) -> list[Results]:
    from sim.experiment.compare import distinct_names

    manifests = [_manifest(folder, lang) for folder in folders]
    names = distinct_names([_name(manifest) for manifest in manifests])
    return [Results(*each) for each in zip(folders, names, manifests, strict=True)]


def _manifest(folder: Path, lang: str) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        return cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise click.UsageError(
            f"{folder}不是结果文件夹（没有{MANIFEST}）；请先用 gridgov run 生成。"
            if lang == "zh"
            else f"{folder} is no results folder (it has no {MANIFEST}); "
            "gridgov run SCENARIO makes one."
        ) from None
    except ValueError:
        raise click.UsageError(
            f"{path}已损坏；请重新运行情景。"
            if lang == "zh"
            else f"{path} is damaged; play the scenario again."
        ) from None


def _name(manifest: dict[str, Any]) -> str:
    """The scenario file, with what was changed on the command line."""
    changed = ", ".join(manifest.get("overrides", []))
    name = Path(str(manifest["scenario"])).stem
    return f"{name} ({changed})" if changed else name


def _only(found: Sequence[Results]) -> Results:
    if len(found) > 1:
        raise Missing("it is drawn from one results folder", "只能由一个结果文件夹绘制")
    return found[0]


def _drawn(draw: "Callable[[], Chart]") -> "Chart":
    """The figure, or that there is nothing to draw."""
    try:
        return draw()
    except ValueError as error:
        raise Missing(str(error), f"数据不足（{error}）") from None


def _end(one: Results) -> datetime:
    """When the run ended, cool-down included."""
    from sim.units import parse_duration

    run = one.manifest["run"]
    length = parse_duration(run["horizon"]) + parse_duration(run["cool_down"])
    return datetime.fromisoformat(run["start"]) + timedelta(microseconds=length)


def _compared(found: Sequence[Results]) -> "pd.DataFrame":
    """Paired differences of runs that met the same demand."""
    from sim.experiment.compare import Comparison
    from sim.experiment.runs import Runs

    seeds = {one.manifest["run"]["seed"] for one in found}
    if len(seeds) > 1:
        raise Missing(
            f"paired differences need one seed; these have {sorted(seeds)}",
            f"配对差需要相同的随机种子；这些结果的种子为{sorted(seeds)}",
        )
    runs = tuple(
        Runs(
            scenario=one.name,
            seed=one.manifest["run"]["seed"],
            replications=one.table("replications.csv"),
            daily=one.table("daily.csv"),
            cases=one.table("daily.csv").head(0),
            digests={int(key): value for key, value in one.manifest["run"]["digests"].items()},
        )
        for one in found
    )
    return Comparison(names=tuple(one.name for one in found), runs=runs).differences()

"""What ``sweep`` prints: every point with its cost and its gain, the frontier marked."""

from typing import TYPE_CHECKING, Any

import click

from sim.cli.language import in_each_language
from sim.cli.show import show_table, with_interval
from sim.errors import Language
from sim.experiment.design import short_names
from sim.experiment.figures import label, shown_unit
from sim.experiment.sweep import COST, DOMINATED, FRONTIER, KNEE, UNKNOWN

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.sweep import Sweep

MOST_SHOWN = 60
"""Of longer designs only the frontier is printed; the tables hold all."""

_STANDING = {
    FRONTIER: ("frontier", "前沿"),
    KNEE: ("frontier, knee", "前沿（拐点）"),
    DOMINATED: ("dominated", "被超过"),
    UNKNOWN: ("no value", "无数值"),
}


@in_each_language
def show_sweep(
    sweep: "Sweep",
    table: "pd.DataFrame",
    against: str,
    metrics: tuple[str, ...],
    lang: Language,
) -> None:
    """Print the points, the cheapest first, and how each stands."""
    design = sweep.design
    zh = lang == "zh"
    click.echo(design.base.model.title.read(lang) or design.base.model.name)
    n, seed = design.replications, design.seed
    click.echo(
        f"{len(design.points)} 个方案，各 {n} 次重复，相同需求，种子 {seed}"
        if zh
        else f"{len(design.points)} points, {n} replications each, common demand, seed {seed}"
    )
    click.echo()
    shown = table
    if len(table) > MOST_SHOWN:
        shown = table[table["standing"].isin([FRONTIER, KNEE])]
    levers = [lever.path for lever in design.levers]
    named = (COST, against, *metrics)
    rows = [_row(row, levers, named, n, lang) for row in shown.to_dict("records")]
    header = [*short_names(levers), *(label(metric, lang) for metric in named)]
    title = (
        "成本与效果（均值与 95 % 区间）" if zh else "Cost against service, mean [95 % interval]"
    )
    show_table(title, [*header, "位置" if zh else "standing"], rows)
    hidden = len(table) - len(shown)
    if hidden:
        click.echo(
            f"另有 {hidden} 个不在前沿的方案，见 frontier.csv。"
            if zh
            else f"{hidden} more points are not on the frontier; frontier.csv has them."
        )


def _row(
    row: "dict[Any, Any]", levers: list[str], metrics: tuple[str, ...], n: int, lang: Language
) -> list[str]:
    cells = [
        with_interval(
            {
                "mean": row[metric],
                "low": row[f"{metric}_low"],
                "high": row[f"{metric}_high"],
                "n": n,
            },
            shown_unit(metric),
            lang,
        )
        for metric in metrics
    ]
    standing = _STANDING[row["standing"]][lang == "zh"]
    return [*(str(row[lever]) for lever in levers), *cells, standing]


def warnings_of(table: "pd.DataFrame", against: str, lang: Language) -> list[str]:
    """Why a frontier that looks like an answer is none."""
    name, found = label(against, lang), []
    if table[against].isna().all():
        found.append(
            f"所有方案都没有“{name}”的数值；请用 --against 换一个指标，或延长 run.follow_up。"
            if lang == "zh"
            else f"No point has a value of '{name}'; try another metric with --against, or a "
            f"longer run.follow_up."
        )
    if len(table) > 1 and table[COST].nunique() <= 1:
        found.append(
            "各方案成本相同，前沿没有意义；请为队伍填写 pay。"
            if lang == "zh"
            else "All points cost the same, so the frontier says nothing; give pools their pay."
        )
    return found

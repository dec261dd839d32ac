"""How busy people are, requests and duties apart: by team, and in each mode."""

from collections.abc import Callable, Mapping

import pandas as pd
from matplotlib.axes import Axes

from sim.report.plots.axes import rows_of, scaled
from sim.report.style import BLUE, GREY, SKY, Chart, new_figure, say_finding, style
from sim.report.words import Lang, Say, digits, label, team, trimmed

PARTS = ("utilisation_requests", "utilisation_duties")
COLOURS = (BLUE, SKY)
WHOLE = "utilisation"
SPLITS = ("pool", "mode")


Called = Callable[[str], Say]
"""What a pool or a mode is called."""


def utilisation(
    summary: pd.DataFrame, *, names: Mapping[str, Say] | None = None, lang: Lang = "both"
) -> Chart:
    """Draw the share of time on duty that goes into requests and into duties.

    Parameters
    ----------
    summary
        `Runs.summary()`; only the rows about utilisation by pool and by mode are used.
    names
        What pools and modes are called, in the order in which they are shown; else each by
        its term, or as it is.
    lang
        Language of the words.
    """
    known = names or {}
    tables = {by: _ordered(table, known) for by in SPLITS if len(table := loads(summary, by))}
    if not tables:
        raise ValueError("the summary holds no utilisation by pool or mode")

    def called(name: str) -> Say:
        return known.get(name) or team(name)

    counts = [len(table) for table in tables.values()]
    with style():
        figure = new_figure(1.9 + 0.36 * sum(counts) + 0.3 * len(counts))
        grid = figure.subplots(
            len(counts), 1, sharex=True, squeeze=False, height_ratios=[n + 0.8 for n in counts]
        )
        for axes, (by, table) in zip(grid.flat, tables.items(), strict=True):
            _bars(axes, table, called, lang)
            axes.set_title(label(by, lang), color=GREY)
        last = grid[-1, 0]
        most = max(float(table["high"].max()) for table in tables.values())
        last.set_xlim(0, max(1.0, most) * 1.12)
        scaled(last.xaxis, "1", [1.0], lambda unit: label(WHOLE, lang, unit))
        _name_parts(grid[0, 0], lang)
        say_finding(figure, _finding(tables, called), _NOTE, lang)
    return figure


def loads(summary: pd.DataFrame, by: str) -> pd.DataFrame:
    """Both parts and their sum, by group.

    Returns
    -------
    Indexed by group; columns utilisation_requests, utilisation_duties, mean, low and high.
    """
    part = summary[summary["by"] == by]
    wide = part[part["metric"].isin(PARTS)].pivot_table(
        index="group", columns="metric", values="mean", sort=False
    )
    whole = part[part["metric"] == WHOLE].set_index("group")[["mean", "low", "high"]]
    table = wide.reindex(columns=list(PARTS)).join(whole, how="inner")
    return table.fillna({"low": table["mean"], "high": table["mean"]})


def _ordered(table: pd.DataFrame, names: Mapping[str, Say]) -> pd.DataFrame:
    """Groups that have a name first, in the order of the names."""
    there = [name for name in names if name in table.index]
    return table.loc[[*there, *(name for name in table.index if name not in names)]]


def _bars(axes: Axes, table: pd.DataFrame, called: Called, lang: Lang) -> None:
    left = pd.Series(0.0, index=table.index)
    places = range(len(table))
    for part, colour in zip(PARTS, COLOURS, strict=True):
        axes.barh(places, table[part], left=left, color=colour, height=0.62)
        left = left + table[part]
    for place, row in zip(places, rows_of(table), strict=True):
        axes.plot([row["low"], row["high"]], [place, place], color="black", lw=1.2)
        end = max(row["high"], row["mean"])
        axes.annotate(
            f"{digits(100 * row['mean'])}%", (end, place), xytext=(5, 0),
            textcoords="offset points", va="center", fontsize=9,
        )  # fmt: skip
    axes.axvline(1.0, color=GREY, lw=0.8, ls=(0, (2, 3)))
    axes.set_yticks(
        places, [_heading(called(str(name))).text(lang, "  ") for name in table.index]
    )
    axes.invert_yaxis()
    axes.grid(visible=True, axis="x")
    axes.tick_params(length=0)


def _heading(said: Say) -> Say:
    return Say(said.en[:1].upper() + said.en[1:], said.zh)


def _name_parts(axes: Axes, lang: Lang) -> None:
    """A key in the colours themselves, above the bars at the right."""
    words = [Say("requests", "诉求"), Say("duties", "日常任务")]
    right = 1.0
    for said, colour in zip(reversed(words), reversed(COLOURS), strict=True):
        drawn = axes.annotate(
            f"■ {said.text(lang, ' ')}", (right, 1), xycoords="axes fraction", xytext=(0, 5),
            textcoords="offset points", ha="right", va="bottom", color=colour, fontsize=9,
        )  # fmt: skip
        box = drawn.get_window_extent()
        right -= (box.width + 14) / axes.get_window_extent().width


def _finding(tables: dict[str, pd.DataFrame], called: Called) -> Say:
    modes = tables.get("mode", pd.DataFrame())
    if {"peace", "war"} <= set(modes.index):
        calm, war = (_per_cent(modes["mean"][mode]) for mode in ("peace", "war"))
        part = _per_cent(modes[PARTS[0]]["war"])
        return Say(
            f"People are busy {calm}% of their time in peace and {war}% in wartime, "
            f"of which requests take {part}%",
            f"平时忙碌占比{calm}%，战时{war}%，其中诉求占{part}%",
        )
    table = next(iter(tables.values()))
    name = str(table["mean"].idxmax())
    most, part = (_per_cent(table[column][name]) for column in ("mean", PARTS[0]))
    said = called(name)
    return Say(
        f"Busiest: {said.en}, {most}% of the time on duty, of which requests take {part}%",
        f"最忙的是{said.zh}：忙碌占比{most}%，其中诉求占{part}%",
    )


def _per_cent(share: float) -> str:
    return trimmed(digits(100 * share))


_NOTE = Say(
    "Share of time on duty, overtime included in both; black: 95% interval of the sum. "
    "Time left free is what keeps waits short.",
    "占值班时间的比例，两者均含加班；黑线：合计的95%置信区间。留有余量，等待才短。",
)

"""What a reader of the figures should be told before trusting them."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd

from sim.errors import Language
from sim.experiment.figures import label
from sim.experiment.precisely import Reached
from sim.experiment.runs import Runs
from sim.model.system import System

FEW_REPLICATIONS = 5
WIDE = 0.25
"""A half-width above this share of its mean says little."""
BUSY = 0.9
OVERLOADED = 0.98
MOST_NAMED = 5


class Caution(NamedTuple):
    """One warning in both languages."""

    code: str
    en: str
    zh: str

    def message(self, lang: str) -> str:
        """The warning in one language."""
        return self.zh if lang == "zh" else self.en


def as_records(cautions: Iterable[Caution]) -> list[dict[str, str]]:
    """Warnings in both languages, as a manifest keeps them for reports in either."""
    return [caution._asdict() for caution in cautions]


def cautions_of(
    runs: Runs, headline: tuple[str, ...], asked: int, system: System | None = None
) -> list[Caution]:
    """All warnings about these runs, the most serious first.

    Parameters
    ----------
    runs
        What was played.
    headline
        Metrics whose precision matters.
    asked
        Replications asked for.
    system
        The scenario, whose titles name teams; else they are named as it writes them.
    """
    summary = runs.summary()
    return [
        *_unfinished(runs, asked),
        *_in_islands(runs),
        *_overload(summary, system),
        *_not_reached(summary, headline),
        *_imprecise(runs, summary, headline),
    ]


def precision_cautions(reached: Reached) -> list[Caution]:
    """Whether the precision that was asked for was met, and where it was not."""
    share = f"{reached.wanted:.3g}"
    if reached.met_at is not None and not reached.unmet:
        return []
    names = [name.rpartition(": ")[2] for name in reached.unmet]
    names = list(dict.fromkeys(names))[:MOST_NAMED]
    return [
        Caution(
            "imprecise",
            f"A half-width of {share} of the mean was not met with {reached.n} replications: "
            f"{_named(names, 'en')}; give a larger -n, or name figures with --precision-of.",
            f"{reached.n} 次重复后，半宽仍超过均值的 {share}：{_named(names, 'zh')}；"
            f"请增大 -n，或用 --precision-of 指定指标。",
        )
    ]


def _unfinished(runs: Runs, asked: int) -> Iterator[Caution]:
    done = len(runs.digests)
    if done < asked:
        yield Caution(
            "partial",
            f"Interrupted: {done} of {asked} replications were finished.",
            f"已中断：完成 {asked} 次重复中的 {done} 次。",
        )


def _in_islands(runs: Runs) -> Iterator[Caution]:
    """What a run in islands does not leave behind."""
    if runs.islands > 1:
        yield Caution(
            "islands",
            f"Played as {runs.islands} islands that share nothing, so that memory stays "
            "bounded: there is no cases.csv.gz. --events plays it whole, in one process, and "
            "keeps events and cases; that takes about 2 kB of memory for each request.",
            f"按 {runs.islands} 个互不影响的片区分别推演，以控制内存：不生成 cases.csv.gz。"
            "使用 --events 可整体推演并保留事件与逐件记录，每件诉求约需 2 kB 内存。",
        )


def _overload(summary: pd.DataFrame, system: System | None) -> Iterator[Caution]:
    """Roles that have no time left: waiting then grows as long as the run lasts."""
    rows = summary[(summary["metric"] == "utilisation") & (summary["by"] == "pool")]
    for code, low, high, en, zh in (
        (
            "overloaded",
            OVERLOADED,
            float("inf"),
            "have no time left",
            "已满负荷，等待会持续增长",
        ),
        (
            "busy",
            BUSY,
            OVERLOADED,
            "are busy nearly all the time",
            "几乎满负荷，等待对负荷很敏感",
        ),
    ):
        found = rows[(rows["mean"] >= low) & (rows["mean"] < high)]
        if len(found):
            shares = list(zip(found["group"], found["mean"], strict=True))[:MOST_NAMED]
            named, named_zh = (
                [f"{_team(group, system, lang)} {mean:.0%}" for group, mean in shares]
                for lang in ("en", "zh")
            )
            yield Caution(
                code,
                f"{', '.join(named)} {en}; waiting depends on the length of the run.",
                f"{'、'.join(named_zh)}：{zh}。",
            )


def _team(name: str, system: System | None, lang: str) -> str:
    """A team by its title, if the scenario gives one."""
    pool = system.pools.get(name) if system is not None else None
    return name if pool is None or pool.title is None else pool.title.read(lang)


def _not_reached(summary: pd.DataFrame, headline: tuple[str, ...]) -> Iterator[Caution]:
    shown = summary["metric"].isin(headline) & summary["by"].isin(["all", "mode"])
    rows = summary[shown & summary["mean"].isna() & (summary["n"] > 0)]
    names = list(dict.fromkeys(rows["metric"]))[:MOST_NAMED]
    if names:
        yield Caution(
            "not-reached",
            f"Not reached within the run: {_named(names, 'en')} (too many requests stay open).",
            f"观察期内未达到：{_named(names, 'zh')}（未办结的诉求过多）。",
        )


def _imprecise(
    runs: Runs, summary: pd.DataFrame, headline: tuple[str, ...]
) -> Iterator[Caution]:
    done = len(runs.digests)
    if done < FEW_REPLICATIONS:
        yield few_replications(done)
        return
    rows = summary[summary["metric"].isin(headline) & (summary["by"] == "all")]
    half = (rows["high"] - rows["low"]) / 2
    names = list(rows.loc[half > WIDE * rows["mean"].abs(), "metric"])[:MOST_NAMED]
    if names:
        yield Caution(
            "wide-intervals",
            f"Intervals wider than ±{WIDE:.0%} with {done} replications: "
            f"{_named(names, 'en')}; use a larger -n.",
            f"{done} 次重复的区间超过 ±{WIDE:.0%}：{_named(names, 'zh')}；请增大 -n。",
        )


def few_replications(done: int) -> Caution:
    """What to say of results from fewer than `FEW_REPLICATIONS` replications."""
    return Caution(
        "few-replications",
        f"Only {done} replications: intervals are wide or missing; use -n 10 or more.",
        f"仅 {done} 次重复：区间过宽或缺失；建议 -n 10 以上。",
    )


def _named(metrics: list[str], lang: Language) -> str:
    return ("、" if lang == "zh" else "; ").join(label(metric, lang) for metric in metrics)

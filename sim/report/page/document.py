"""The whole page: one file, nothing to load, in the order in which a planner asks.

The content policy allows just the style and the script of the page, each by its hash, and the
font within the file; a request to anywhere is refused by the reader's own browser.
"""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Final

from sim.experiment.stored import Stored
from sim.report.page.answer import answer
from sim.report.page.assumptions import assumptions
from sim.report.page.baseline import baseline
from sim.report.page.fonts import font_face
from sim.report.page.frontier import frontier
from sim.report.page.html import Html, block, code, inline, joined, tag
from sim.report.page.limits import limits
from sim.report.page.points import Grid, grid_of
from sim.report.page.record import record
from sim.report.page.stress import stress
from sim.report.page.tables import tables
from sim.report.page.wartime import wartime
from sim.report.words import Lang, Say, length_said

HEADINGS: Final = {
    "answer": Say("Answer", "结论"),
    "baseline": Say("Against the baseline", "与基准相比"),
    "frontier": Say("Cost and service", "成本与效果"),
    "wartime": Say("Peacetime and wartime", "平时与战时"),
    "tables": Say("Tables", "数据表"),
    "assumptions": Say("Assumptions", "假设"),
    "limits": Say("Limits", "局限"),
    "stress": Say("Reporting checklist (STRESS-DES)", "报告清单（STRESS-DES）"),
    "manifest": Say("Manifest", "运行记录"),
}


def report(stored: Stored, lang: Lang) -> str:
    """The report as one HTML file.

    Parameters
    ----------
    stored
        Results of a run, a comparison or a sweep.
    lang
        Language of the page; with both, Chinese stands before English.

    Raises
    ------
    Unreadable
        If a table that every such folder has is missing.
    ScenarioError
        If the scenario in the folder is not understood.
    """
    grid = grid_of(stored) if stored.kind == "sweep" else None
    bodies = _bodies(stored, lang, grid)
    body = joined(
        [
            _header(stored, lang),
            _contents(lang),
            tag("main", [_section(key, bodies[key], lang) for key in HEADINGS]),
        ]
    )
    style = font_face(str(body)) + _packaged("page.css")
    script = _packaged("page.js") if grid is not None else ""
    title = stored.reading.model.title
    head = [
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", Say(title.read("en"), title.read("zh")).text(lang, " / ")),
        tag("style", Html(style)),
    ]
    after = tag("script", Html(script)) if script else None
    page = tag(
        "html", tag("head", head), tag("body", body, after),
        lang="en" if lang == "en" else "zh-CN",
    )  # fmt: skip
    return f"<!DOCTYPE html>\n{page}\n"


def _bodies(stored: Stored, lang: Lang, grid: Grid | None) -> dict[str, Html]:
    return {
        "answer": answer(stored, lang, grid),
        "baseline": baseline(stored, lang, grid),
        "frontier": frontier(stored, lang, grid),
        "wartime": wartime(stored, lang, grid),
        "tables": tables(stored, lang, grid),
        "assumptions": assumptions(stored, lang),
        "limits": limits(stored, lang),
        "stress": stress(stored, lang),
        "manifest": record(stored, lang),
    }


def _header(stored: Stored, lang: Lang) -> Html:
    system, run = stored.reading.model, stored.run
    title = Say(system.title.read("en"), system.title.read("zh"))
    others = len(stored.members) - 1
    if others:
        english = "1 other scenario" if others == 1 else f"{others} other scenarios"
        title = Say(f"{title.en}, and {english}", f"{title.zh}，与另外{others}个情景相比")
    asked = system.question
    day, length, cut = (
        run["start"][:10],
        length_said(run["horizon"]),
        length_said(run["warm_up"]),
    )
    how = Say(
        f"{length.en} from {day}, warm-up {cut.en} of it; {run['replications']} replications, "
        f"seed {run['seed']}",
        f"自{day}起{length.zh}，其中预热{cut.zh}；{run['replications']}次重复，种子{run['seed']}",
    )
    question = None
    if asked is not None:
        question = block("p", Say(asked.read("en"), asked.read("zh")), lang, class_="question")
    return tag(
        "header",
        block("h1", title, lang),
        question,
        _compared(stored, lang),
        block("p", how, lang, class_="note"),
    )


def _compared(stored: Stored, lang: Lang) -> Html | None:
    """Which scenarios are compared, the baseline first."""
    if stored.kind != "compare":
        return None
    named = [(member.name, member.reading.model.title) for member in stored.members]
    items = [
        tag(
            "li",
            code(name),
            " ",
            inline(Say(title.read("en"), title.read("zh")), lang),
            tag("span", inline(Say(" (baseline)", "（基准）"), lang)) if not place else None,
        )
        for place, (name, title) in enumerate(named)
    ]
    return tag("ol", items, class_="compared")


def _contents(lang: Lang) -> Html:
    items = [tag("a", inline(said, lang), href=f"#{key}") for key, said in HEADINGS.items()]
    return tag("nav", items, aria_label=Say("Contents", "目录").text(lang, " / "))


def _section(key: str, body: Html, lang: Lang) -> Html:
    return tag(
        "section", block("h2", HEADINGS[key], lang, id=f"h-{key}"), body, id=key,
        aria_labelledby=f"h-{key}",
    )  # fmt: skip


@cache
def _packaged(name: str) -> str:
    return files("sim.report.page").joinpath(name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    scripts = f"script-src {_hash(script)}; " if script else ""
    return (
        f"default-src 'none'; style-src {_hash(style)}; {scripts}font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"

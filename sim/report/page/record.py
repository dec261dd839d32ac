"""The manifest as people read it: with which command, on what, from which files."""

import shlex
from datetime import datetime
from typing import Any

from sim.experiment.stored import Stored
from sim.report.page.html import Html, code, inline, joined, table, tag
from sim.report.words import Lang, Say, length_said, word

SHOWN = 16
"""Digits of a digest; the manifest has all 64."""


def record(stored: Stored, lang: Lang) -> Html:
    """What makes these figures traceable and repeatable."""
    manifest, run = stored.manifest, stored.run
    tool = manifest["tool"]
    source = tool.get("source", {})
    commit = source.get("commit") or "–"
    dirty = " +" if source.get("dirty") else ""
    facts = [
        (Say("Command", "命令"), code(shlex.join(manifest["command"]))),
        (Say("Written", "生成时间"), tag("span", _moment(manifest["written"]))),
        (Say("Program", "程序"), tag("span", f"{tool['name']} {tool['version']}")),
        (Say("Commit", "提交"), code(f"{commit}{dirty}")),
        (word("seed"), tag("span", str(run["seed"]))),
        (word("replications"), tag("span", str(run["replications"]))),
        (Say("Start", "起始"), tag("span", run["start"].replace("T", " "))),
        (Say("Length, warm-up, cool-down", "时长、预热、收尾"),
         inline(_lengths(run), lang)),
        (Say("Engine", "引擎"), tag("span", str(run.get("engine", "–")))),
    ]  # fmt: skip
    return joined(
        [
            table(
                [inline(Say("What", "项目"), lang), inline(Say("Record", "记录"), lang)],
                [[inline(name, lang), value] for name, value in facts],
                inline(Say("How these results were made", "结果的由来"), lang),
                class_="words",
                names=2,
            ),
            _files(_inputs(stored), Say("Inputs", "输入文件"), lang),
            _files(manifest.get("files", []), Say("Tables", "结果文件"), lang),
        ]
    )


def _moment(written: str) -> str:
    """A time of the manifest, to the minute."""
    moment = datetime.fromisoformat(written)
    return f"{moment:%Y-%m-%d %H:%M} {moment.tzname() or ''}".strip()


def _inputs(stored: Stored) -> list[dict[str, Any]]:
    found = {
        each["path"]: each
        for one in (stored, *stored.members)
        for each in one.manifest.get("inputs", [])
    }
    return list(found.values())


def _files(files: list[dict[str, Any]], caption: Say, lang: Lang) -> Html:
    rows = [[code(each["path"]), code(f"{each['sha256'][:SHOWN]}…")] for each in files]
    head = [inline(Say("File", "文件"), lang), "SHA-256"]
    return (
        table(head, rows, inline(caption, lang), class_="words", names=2) if rows else Html("")
    )


def _lengths(run: dict[str, Any]) -> Say:
    """How long was played, not measured, and played on."""
    said = [length_said(run[name]) for name in ("horizon", "warm_up", "cool_down")]
    return Say(", ".join(each.en for each in said), "、".join(each.zh for each in said))

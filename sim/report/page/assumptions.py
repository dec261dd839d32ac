"""Where every number of the scenario comes from, and how far an assumption may be off."""

from collections.abc import Sequence

from sim.errors import EvidenceError, Language
from sim.experiment.results import input_origins
from sim.experiment.stored import Stored
from sim.model.evidence import Provenance
from sim.report.page.html import Html, block, code, inline, joined, table, tag
from sim.report.words import Lang, Say, quantity_said, word
from sim.scenario.aliases import ALIASES
from sim.scenario.assemble import parse_path
from sim.scenario.evidence import load_evidence, reason_in
from sim.scenario.inputs import about
from sim.scenario.resolve import settings

KINDS = ("reported", "derived", "calibrated", "assumed", "plain", "unstated")
WITH_SOURCE = KINDS[:4]
MOST_CHANGES = 80
MOST_UNFOLDED = 30
"""Longer tables are folded: a reader who does not ask for them, or prints, skips them."""


def assumptions(stored: Stored, lang: Lang) -> Html:
    """How many numbers have which kind of source, and each of them."""
    origins = input_origins(stored.reading)
    parts = [_counts(stored, lang), _changes(stored, lang)]
    for kind in WITH_SOURCE:
        chosen = {path: each for path, each in origins.items() if each.kind == kind}
        if chosen:
            parts.append(_of_kind(kind, chosen, stored, lang))
    rest = {path: each for path, each in origins.items() if each.kind not in WITH_SOURCE}
    parts.append(_rest(rest, lang))
    return joined(parts)


def _counts(stored: Stored, lang: Lang) -> Html:
    counts: dict[str, int] = stored.members[0].manifest.get("provenance") or _counted(stored)
    total = sum(counts.values())
    parts = [
        Say(f"{count} {_kind(kind).en}", f"{_kind(kind).zh} {count}")
        for kind, count in counts.items()
        if count
    ]
    return block(
        "p",
        Say(
            f"Of {total} numbers in the scenario, {', '.join(part.en for part in parts)}. The "
            "figures are no better than the assumed ones.",
            f"情景共有{total}个数字：{'，'.join(part.zh for part in parts)}。"
            "结果的可信程度不会高于其中的假设。",
        ),
        lang,
    )


def _counted(stored: Stored) -> dict[str, int]:
    kinds = [each.kind for each in input_origins(stored.reading).values()]
    return {kind: count for kind in KINDS if (count := sum(each == kind for each in kinds))}


def _kind(kind: str) -> Say:
    return word(f"{kind}_input")


def _changes(stored: Stored, lang: Lang) -> Html:
    """What the other scenarios of a comparison say differently from the baseline."""
    if stored.kind != "compare":
        return Html("")
    first = dict(settings(stored.reading))
    rows = []
    for member in stored.members[1:]:
        other = dict(settings(member.reading))
        rows += [
            [
                tag("span", member.name),
                _field(path, stored if before is not None else member, lang),
                _value(before, lang),
                _value(after, lang),
            ]
            for path, before, after in differing(first, other)[:MOST_CHANGES]
        ]
    head = [
        inline(each, lang)
        for each in (
            Say("Scenario", "情景"),
            Say("Field", "字段"),
            Say("Baseline", "基准"),
            Say("There", "该情景"),
        )
    ]
    caption = Say("What differs from the baseline", "与基准不同之处")
    return table(head, rows, inline(caption, lang), class_="words changes", names=4)


def differing(
    first: dict[str, str], other: dict[str, str]
) -> list[tuple[str, str | None, str | None]]:
    """Fields that differ, with both values; what one side lacks is one field with its parts."""
    paths = [path for path in {**first, **other} if first.get(path) != other.get(path)]
    found: dict[str, tuple[str, str | None, str | None]] = {}
    for path in paths:
        notion = ".".join(path.split(".")[:2])
        if path.split(".")[0] in ("name", "title", "question", "notes"):
            continue
        if not all(any(_within(known, notion) for known in each) for each in (first, other)):
            there, here = (
                _THERE if any(_within(known, notion) for known in each) else None
                for each in (first, other)
            )
            found[notion] = (notion, there, here)
            continue
        whole = path.rpartition(".")[0]
        if all(any(_within(known, whole) for known in each) for each in (first, other)):
            found[path] = (path, first.get(path), other.get(path))
        else:
            found[whole] = (whole, _parts(first, whole), _parts(other, whole))
    return list(found.values())


def _parts(settings_of: dict[str, str], whole: str) -> str | None:
    """All that a side says of something that the other does not have."""
    said = [
        f"{path[len(whole) + 1 :]} {value}"
        for path, value in settings_of.items()
        if _within(path, whole)
    ]
    return _JOINT.join(said) or None


_JOINT = "; "
_THERE = "√"
"""That a notion is there: its parts would be many."""


def _within(path: str, notion: str) -> bool:
    return path == notion or path.startswith((f"{notion}.", f"{notion}["))


def _value(text: str | None, lang: Lang) -> Html:
    if text == _THERE:
        return inline(Say("there", "有"), lang)
    if text is None:
        return tag("span", "–")
    parts = [part.partition(" ") for part in text.split(_JOINT)]
    if not all(value and key in ALIASES for key, _, value in parts):
        return inline(quantity_said(text), lang)
    zh = "，".join(f"{ALIASES[key][0]} {quantity_said(value).zh}" for key, _, value in parts)
    return inline(Say(", ".join(text.split(_JOINT)), zh), lang)


def _of_kind(kind: str, chosen: dict[str, Provenance], stored: Stored, lang: Lang) -> Html:
    heading, columns = _kind(kind), [Say("Field", "字段"), Say("Value", "取值")]
    if kind in ("assumed", "calibrated"):
        columns += [Say("Range", "范围"), Say("Because", "理由")]
    else:
        columns += [Say("Fact", "事实编号"), Say("What the source reports", "文献所述")]
    rows = [[_field(path, stored, lang), *_row(each, lang)] for path, each in chosen.items()]
    caption = Say(
        f"{heading.en[:1].upper()}{heading.en[1:]}: {len(rows)}", f"{heading.zh}：{len(rows)}"
    )
    head = [inline(each, lang) for each in columns]
    listed = table(head, rows, inline(caption, lang), class_="words", names=4)
    if len(rows) <= MOST_UNFOLDED:
        return listed
    said = Say(f"{caption.en} (unfold)", f"{caption.zh}（展开）")
    return tag("details", tag("summary", inline(said, lang)), listed)


def _field(path: str, stored: Stored, lang: Lang) -> Html:
    """A path, and in words what it sets and whose."""
    steps, system = parse_path(path), stored.reading.model
    titled = {**system.pools, **system.requests, **system.modes}
    owners = [
        title
        for step in steps[1:]
        if (notion := titled.get(str(step))) and (title := getattr(notion, "title", None))
    ]
    what = [about(steps, stored.reading.placed, each) for each in ("en", "zh")]
    said = [
        f"{joint.join(owner.read(each) for owner in owners)}{colon if owners and text else ''}"
        f"{text.partition(stop)[0].rstrip('.。…')}"
        for text, each, joint, colon, stop in zip(
            what, ("en", "zh"), (", ", "·"), (": ", "："), (". ", "。"), strict=True
        )
    ]
    return joined([code(path), tag("span", inline(Say(*said), lang), class_="about")])


def _row(origin: Provenance, lang: Lang) -> Sequence[Html]:
    begun = [inline(quantity_said(origin.value), lang)]
    if origin.kind in ("assumed", "calibrated"):
        ends = [quantity_said(end) for end in origin.range or ()]
        span = Say(" – ".join(end.en for end in ends), " – ".join(end.zh for end in ends))
        why = origin.because or ""
        return [*begun, inline(span, lang), inline(Say(why, reason_in("zh", why)), lang)]
    formula = [code(origin.formula), " "] if origin.formula else []
    return [
        *begun,
        tag("span", formula or [code(each) for each in origin.facts]),
        inline(_reported(origin.facts), lang),
    ]


def _reported(facts: Sequence[str]) -> Say:
    """What the facts behind a number say, and in which documents, each named once."""
    texts: list[tuple[str, dict[str, None]]] = []
    for lang in _LANGUAGES:
        pairs = [_statement(fact, lang) for fact in facts]
        joint = " ".join(text for text, _ in pairs)
        texts.append((joint, dict.fromkeys(source for _, source in pairs if source)))
    (english, sources), (chinese, sources_zh) = texts
    return Say(
        f"{english} ({'; '.join(sources)})" if sources else english,
        f"{chinese}（{'；'.join(sources_zh)}）" if sources_zh else chinese,
    )


_LANGUAGES: tuple[Language, ...] = ("en", "zh")


def _statement(fact: str, lang: Language) -> tuple[str, str]:
    """What is reported, and in which document."""
    try:
        evidence = load_evidence()
    except EvidenceError:  # a program without its scenarios still reports
        return "", ""
    if fact in evidence.derived:
        return evidence.derived[fact].formula, ""
    known = evidence.facts.get(fact)
    if known is None:
        return "", ""
    document = evidence.documents.get(known.document or "")
    return known.said(lang), document.called(lang) if document else known.citation or ""


def _rest(rest: dict[str, Provenance], lang: Lang) -> Html:
    """Numbers without a source, folded away: those written plainly, and defaults."""
    said = Say(
        f"Written without a source, or defaults of the program: {len(rest)}",
        f"未注明来源或程序默认值：{len(rest)}",
    )
    listed = [tag("li", code(path), f" = {origin.value}") for path, origin in rest.items()]
    return tag(
        "details", tag("summary", inline(said, lang)), tag("ul", listed, class_="settings")
    )

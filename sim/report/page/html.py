"""Building HTML whose text cannot become mark-up: whatever is not `Html` is escaped.

A template language would bring a package for what forty lines do, and its templates are seen
by no type checker; here a tag is a function call.
"""

import re
from collections.abc import Iterable
from html import escape

from sim.report.words import Lang, Say


class Html(str):
    """Text that is mark-up already."""

    __slots__ = ()


Child = str | Html | None | Iterable["str | Html | None"]
Attribute = str | int | float | bool | None

SHORT = 24
"""Rows of a table that stays on one page when printed."""
_ALONE = frozenset({"br", "col", "hr", "input", "link", "meta", "wbr"})


def tag(name: str, /, *children: Child, **attributes: Attribute) -> Html:
    """One element.

    Parameters
    ----------
    name
        Its name.
    children
        What is in it, in order; plain text is escaped and None is nothing.
    attributes
        By name, with ``_`` for ``-`` and one more at the end where Python has the word for
        itself (``class_``); True is a bare attribute, None and False are none.
    """
    begin = f"<{name}{''.join(_attribute(*each) for each in attributes.items())}>"
    return Html(begin if name in _ALONE else f"{begin}{joined(children)}</{name}>")


def joined(children: Iterable[Child]) -> Html:
    """Several pieces one after the other."""
    return Html("".join(_piece(child) for child in children))


def _piece(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Html):
        return str(child)
    return escape(child) if isinstance(child, str) else joined(child)


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    shown = name.rstrip("_").replace("_", "-")
    return f" {shown}" if value is True else f' {shown}="{escape(str(value), quote=True)}"'


def code(text: str) -> Html:
    """A path or an id, which may break after its stops."""
    parts = _STOPS.split(text)
    return tag("code", [piece for part in parts for piece in (part, tag("wbr"))][:-1])


_STOPS = re.compile(r"(?<=[._/])(?=[^._/])")


def inline(said: Say, lang: Lang, joint: str = " ") -> Html:
    """A few words within a line; where both languages are wanted, Chinese and then English."""
    if lang != "both" or said.en == said.zh:
        return Html(escape(said.zh if lang == "zh" else said.en))
    return joined(
        [tag("span", said.zh, lang="zh"), joint, tag("span", said.en, lang="en", class_="en")]
    )


def block(name: str, said: Say, lang: Lang, **attributes: Attribute) -> Html:
    """A paragraph or a heading; where both languages are wanted, one below the other."""
    if lang != "both" or said.en == said.zh:
        return tag(name, said.zh if lang == "zh" else said.en, **attributes)
    return tag(
        name,
        tag("span", said.zh, lang="zh", class_="line"),
        " ",
        tag("span", said.en, lang="en", class_="line en"),
        **attributes,
    )


def table(
    head: Iterable[Child],
    rows: Iterable[Iterable[Child]],
    caption: Child,
    *,
    class_: str | None = None,
    names: int = 1,
) -> Html:
    """A table that scrolls where it is too wide, its first columns naming the rows.

    Parameters
    ----------
    head
        Headings of the columns.
    rows
        The cells.
    caption
        What it shows; also its name for those who hear it.
    class_
        Class of the table.
    names
        How many columns, from the left, hold words; the others hold numbers.
    """
    top = [
        tag("th", cell, scope="col", class_=None if place < names else "n")
        for place, cell in enumerate(head)
    ]
    body = [
        tag(
            "tr",
            [
                tag("th", cell, scope="row") if not place else
                tag("td", cell, class_=None if place < names else "n")
                for place, cell in enumerate(row)
            ],
        )
        for row in rows
    ]  # fmt: skip
    inner = tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", top)),
        tag("tbody", body),
        class_=class_,
    )
    kind = "scroll short" if len(body) <= SHORT else "scroll"
    return tag("div", inner, class_=kind, tabindex=0)

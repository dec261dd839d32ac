"""A matplotlib figure as SVG that can stand inside a page.

Text stays text, in the font of the page. What a strict content policy forbids, style
attributes, becomes plain attributes; names get a prefix, since several figures share a page;
numbers lose digits that nobody sees. About half the bytes are left.
"""

import re
from xml.etree import ElementTree as Xml

from sim.report.page.html import Html
from sim.report.style import INCHES, Chart, to_bytes

_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_SIZE = re.compile(r"([\d.]+)px")
_UPRIGHT = re.compile(r"rotate\(-?0 [^)]*\)")
_FONT_STYLES = frozenset({"font", "font-family", "font-weight", "font-style"})
"""The page names the font; sizes stay."""
_NEEDLESS = frozenset({"stroke-linejoin: miter", "fill-opacity: 1", "opacity: 1"})
_EXACT = frozenset({"id", "class", "href", _LINK})


def inline_svg(figure: Chart, prefix: str, name: str) -> Html:
    """The figure as an element of a page.

    Parameters
    ----------
    figure
        What to show.
    prefix
        Put before every name inside, so that no two figures of a page share one.
    name
        What a screen reader says: the finding.
    """
    root = Xml.fromstring(to_bytes(figure, "svg", text_as_paths=False))
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{_SVG}metadata", f"{_SVG}style") or not isinstance(
                child.tag, str
            ):
                parent.remove(child)
    used = _used_names(root)
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        _plain_attributes(element, prefix, used)
    _without_empty_groups(root)
    box = root.get("viewBox", "")
    # A narrower figure stays narrower: its words would else be larger than its neighbours'.
    size = "plot narrow" if figure.get_figwidth() < 0.9 * INCHES else "plot"
    root.attrib = {"viewBox": box, "role": "img", "aria-label": name, "class": size}
    return Html(Xml.tostring(root, encoding="unicode", short_empty_elements=True))


def _used_names(root: Xml.Element) -> set[str]:
    found = {element.get(_LINK, "").removeprefix("#") for element in root.iter()}
    for element in root.iter():
        for value in element.attrib.values():
            found.update(_REFERENCE.findall(value))
    return found


def _plain_attributes(element: Xml.Element, prefix: str, used: set[str]) -> None:
    style = element.attrib.pop("style", "")
    for part in filter(None, (each.strip() for each in style.split(";"))):
        key, _, value = part.partition(":")
        if part not in _NEEDLESS:
            element.attrib |= _styled(key.strip(), value.strip())
    for key, value in list(element.attrib.items()):
        if key == "id":
            if value in used:
                element.attrib["id"] = f"{prefix}{value}"
            else:
                del element.attrib["id"]
        elif key == _LINK:
            del element.attrib[key]
            within = value.startswith("#")
            element.attrib["href"] = f"#{prefix}{value[1:]}" if within else value
        elif key not in _EXACT:
            shown = _REFERENCE.sub(rf"url(#{prefix}\1)", value)
            element.attrib[key] = _NUMBER.sub(_shorter, " ".join(shown.split()))
    if _UPRIGHT.fullmatch(element.get("transform", "")):
        del element.attrib["transform"]


def _styled(key: str, value: str) -> dict[str, str]:
    size = _SIZE.search(value)
    if key in ("font", "font-size") and size:
        return {"font-size": size.group(1)}
    return {} if key in _FONT_STYLES else {key: value}


def _shorter(found: re.Match[str]) -> str:
    text = f"{float(found.group()):.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _without_empty_groups(element: Xml.Element) -> None:
    for child in list(element):
        _without_empty_groups(child)
        bare = child.tag in ("g", "defs") and not len(child) and not (child.text or "").strip()
        if bare:
            element.remove(child)
        elif child.tag == "g" and not child.attrib and len(child) == 1:
            element[list(element).index(child)] = child[0]
    element.tail = None
    if len(element) and not (element.text or "").strip():
        element.text = None

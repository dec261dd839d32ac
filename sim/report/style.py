"""The look of all figures: colours that everyone tells apart, a Chinese font, equal bytes.

Importing this changes nothing: settings hold inside `style()` only, so a notebook keeps its
own. Drawing goes through `Figure` objects without pyplot, which would keep every figure alive.

Colours: Okabe & Ito, Color Universal Design (2008); heat maps: cividis (Nunez, Anderton &
Renslow, PLoS ONE 13 (2018) e0199239).
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Final, Literal, cast

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font, LoadFlags

from sim.report.words import Lang, Say, wrapped

Format = Literal["svg", "png", "pdf"]
FORMATS: tuple[Format, ...] = ("svg", "png", "pdf")

BLACK: Final = "#000000"
ORANGE: Final = "#E69F00"
SKY: Final = "#56B4E9"
GREEN: Final = "#009E73"
YELLOW: Final = "#F0E442"
BLUE: Final = "#0072B2"
VERMILION: Final = "#D55E00"
PURPLE: Final = "#CC79A7"
GREY: Final = "#6B6B6B"
PALE: Final = "#BDBDBD"

LINES: Final = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK)
"""In this order; yellow is left out, since it cannot be seen on white."""
HEAT: Final = "cividis"
BAND: Final = 0.2
"""Opacity of interval bands."""
WAR_SHADE: Final = "#F6DDCC"

FONT: Final = "Sim Sans SC"
FALLBACKS: Final = (
    "Noto Sans CJK SC",
    "Microsoft YaHei",
    "PingFang SC",
    "SimHei",
    "DejaVu Sans",
)
FONT_FILE: Final = "SimSansSC.otf"

INCHES: Final = 7.2
"""Width of a figure."""
TITLE: Final = 11.5
NOTE: Final = 8.0
POINTS: Final = 72
"""Points of an inch."""

_SETTINGS: Final[dict[str, Any]] = {
    "font.size": 9.5,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.labelsize": 9.5,
    "axes.labelcolor": "#333333",
    "axes.edgecolor": "#8A8A8A",
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": False,
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.7,
    "xtick.color": "#555555",
    "ytick.color": "#555555",
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "axes.unicode_minus": True,
    "lines.linewidth": 1.8,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "figure.dpi": 100,
    "savefig.dpi": 160,
    "savefig.bbox": "standard",
    "figure.constrained_layout.use": False,  # `new_figure` asks for it itself
    "text.parse_math": False,  # a dollar in a name is a dollar
    "svg.hashsalt": "gridgov",  # else names inside the file are drawn at random
    "svg.fonttype": "path",
    "pdf.fonttype": 3,
    "path.simplify": True,
    "agg.path.chunksize": 0,
}

_METADATA: Final[dict[Format, dict[str, Any]]] = {
    "svg": {"Date": None, "Creator": "gridgov"},
    "png": {"Software": "gridgov"},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": "gridgov", "Producer": None},
}


class Chart(Figure):
    """A figure that a notebook shows without pyplot, always with the same bytes."""

    def _repr_png_(self) -> bytes:
        return to_bytes(self, "png")


@cache
def _families() -> tuple[str, ...]:
    """Our own font first, then what this machine has of the others (per glyph)."""
    manager = font_manager.fontManager
    with as_file(files("sim.report").joinpath("fonts", FONT_FILE)) as path:
        manager.addfont(path)
    there = set(manager.get_font_names())
    return (FONT, *(name for name in FALLBACKS if name in there))


@cache
def _advance(character: str) -> float:
    """Width of a character of our own font, in units of its size."""
    face = _own_face()
    index = face.get_char_index(ord(character))
    if not index:  # another font will draw it; no Chinese character is wider than its size
        return 1.0
    return face.load_glyph(index, flags=LoadFlags.NO_SCALE).horiAdvance / face.units_per_EM


@cache
def _own_face() -> FT2Font:
    with as_file(files("sim.report").joinpath("fonts", FONT_FILE)) as path:
        return FT2Font(str(path))


def width_of(text: str) -> float:
    """Width of a line of our own font, in units of its size."""
    return sum(_advance(character) for character in text)


@contextmanager
def style(*, text_as_paths: bool = True) -> Iterator[None]:
    """Draw in the house style; everything is as it was afterwards.

    Parameters
    ----------
    text_as_paths
        Whether an SVG carries the outlines of its letters; without them it is smaller, and the
        page that shows it must have the font.
    """
    # Families of this machine must not get into a file that others open.
    names = _families() if text_as_paths else (FONT, "DejaVu Sans")
    own = {
        **_SETTINGS,
        "font.family": list(names),
        "svg.fonttype": "path" if text_as_paths else "none",
    }
    with mpl.rc_context():
        mpl.rcdefaults()
        cast("dict[str, Any]", mpl.rcParams).update(own)
        yield


def new_figure(height: float, width: float = INCHES) -> Chart:
    """An empty figure, in inches, that keeps its parts from overlapping."""
    return Chart(figsize=(width, height), layout="constrained")


def say_finding(figure: Figure, finding: Say, note: Say, lang: Lang) -> None:
    """Set the finding as title and the reading aid below, then lay the figure out for good."""
    room = 0.96 * figure.get_figwidth() * POINTS
    figure.suptitle(
        wrapped(finding.text(lang), room / TITLE, width_of),
        x=0.01,
        ha="left",
        fontsize=TITLE,
        linespacing=1.35,
        color="#111111",
    )
    figure.supxlabel(
        wrapped(note.text(lang), room / NOTE, width_of),
        x=0.01,
        ha="left",
        fontsize=NOTE,
        linespacing=1.35,
        color=GREY,
    )
    # Tick labels are made late; outside `style()` they would be of another font. The layout
    # moves a little with every drawing, so that it is kept from here on.
    figure.draw_without_rendering()
    figure.set_layout_engine("none")


def to_bytes(figure: Figure, kind: Format = "svg", *, text_as_paths: bool = True) -> bytes:
    """The figure as a file: the same bytes whenever it is drawn from the same numbers."""
    stream = io.BytesIO()
    with style(text_as_paths=text_as_paths):
        figure.savefig(stream, format=kind, metadata=_METADATA[kind])
    return stream.getvalue()

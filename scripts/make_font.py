"""Make the Chinese font of the figures: a renamed subset of Noto Sans CJK SC (OFL).

    python scripts/make_font.py NotoSansCJK-Regular.ttc Unihan_OtherMappings.txt

The first file is in Noto CJK Sans 2.004 (Debian package fonts-noto-cjk), the second in the
Unicode Character Database 15.0 (Unihan.zip; Debian package unicode-data). It needs fontTools,
which comes with matplotlib. Why and from what: docs/decisions/0011-figures.md.
"""

import argparse
import bz2
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

FAMILY = "Sim Sans SC"
FACE = "Noto Sans CJK SC"
OUT = Path(__file__).resolve().parent.parent / "sim" / "report" / "fonts" / "SimSansSC.otf"

FAMILY_NAMES = {
    1: FAMILY,
    2: "Regular",
    3: f"2.004;{FAMILY}",
    4: FAMILY,
    6: "SimSansSC-Regular",
}
KEPT_NAMES = (0, 5, 7, 13, 14)  # copyright, version, trademark, licence and its address

EXTRA = "㵲龘"  # in names of places and people, and in neither list
RANGES = (
    (0x20, 0x17F),  # ASCII, Latin-1, Latin Extended-A
    (0x370, 0x3FF),  # Greek
    (0x2010, 0x2044),  # dashes, quotation marks, dots
    (0x2070, 0x209C),  # superscripts and subscripts
    (0x20A9, 0x20AC),
    (0x2190, 0x2199),  # arrows
    (0x2200, 0x22FF),  # mathematics
    (0x2308, 0x230B),  # floor and ceiling
    (0x2460, 0x2473),  # numbers in circles
    (0x25A0, 0x25FF),  # shapes
    (0x3000, 0x303F),  # Chinese punctuation
    (0xFF01, 0xFF5E),  # full-width forms
    (0xFFE0, 0xFFE6),
)


def gb_2312() -> set[int]:
    """Every character of GB 2312-80."""
    rows = range(0xA1, 0xF8)
    pairs = (bytes((row, cell)) for row in rows for cell in range(0xA1, 0xFF))
    return {ord(text) for pair in pairs if (text := pair.decode("gb2312", errors="ignore"))}


def general_use(path: Path) -> set[int]:
    """The 8105 characters of the Table of General Standard Chinese Characters (2013)."""
    stored = path.read_bytes()
    text = (bz2.decompress(stored) if path.suffix == ".bz2" else stored).decode()
    rows = [line.split() for line in text.splitlines() if "\tkTGH\t" in line]
    return {int(row[0][2:], 16) for row in rows}


def rename(font: TTFont) -> None:
    """Give the subset a name of its own, so that it never stands in for the full font."""
    table = font["name"]
    kept = {number: table.getDebugName(number) for number in KEPT_NAMES}
    table.names = []
    for number, text in sorted({**kept, **FAMILY_NAMES}.items()):
        table.setName(text, number, 3, 1, 0x409)
    outlines = font["CFF "].cff
    outlines.fontNames = [FAMILY_NAMES[6]]
    top = outlines.topDictIndex[0]
    top.FamilyName, top.FullName = FAMILY, FAMILY


def main() -> None:
    """Read the two files and write the font."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("collection", type=Path)
    parser.add_argument("unihan", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()

    wanted = gb_2312() | general_use(given.unihan)
    wanted |= set(map(ord, EXTRA))
    wanted |= {number for low, high in RANGES for number in range(low, high + 1)}
    fonts = TTCollection(str(given.collection), lazy=True).fonts
    font = next(each for each in fonts if each["name"].getDebugName(1) == FACE)
    font.recalcTimestamp = False  # the same bytes on every making

    options = Options()
    options.layout_features = []
    options.hinting = False
    options.desubroutinize = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx", "GSUB", "GPOS"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    rename(font)
    font.save(str(given.out))

    there = set(font.getBestCmap())
    missing = "".join(map(chr, sorted(gb_2312() - there))) or "nothing"
    print(f"{len(there)} characters, {given.out.stat().st_size} bytes", file=sys.stderr)
    print(f"of GB 2312 the source lacks {missing}", file=sys.stderr)


if __name__ == "__main__":
    main()

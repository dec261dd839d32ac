"""The font of a page: the characters that it uses, cut out of our own font, in the file itself.

A machine without a Chinese font still shows every character; one that has its own shows running
text in that, and figures in ours, whose widths they were laid out with.
"""

import base64
import io
from importlib.resources import as_file, files

from sim.report.style import FONT, FONT_FILE


def font_face(text: str) -> str:
    """A style rule that carries the font for the characters of a text.

    Parameters
    ----------
    text
        All that the page may show; other characters are left to the reader's machine.
    """
    data = base64.b64encode(_subset(text)).decode()
    return (
        f'@font-face{{font-family:"{FONT}";'
        f'src:url(data:font/woff;base64,{data}) format("woff")}}'
    )


def _subset(text: str) -> bytes:
    # fontTools comes with matplotlib; no layout features are needed for horizontal text.
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(
        desubroutinize=False, hinting=False, layout_features=["kern"], notdef_outline=True,
        name_IDs=[1, 2], flavor="woff",
    )  # fmt: skip
    with as_file(files("sim.report").joinpath("fonts", FONT_FILE)) as path:
        # Without the date of the font, which would be that of this moment, bytes repeat.
        font = TTFont(path, recalcTimestamp=False)
    cutter = Subsetter(options)
    cutter.populate(text=text)
    cutter.subset(font)
    font.flavor = "woff"
    stream = io.BytesIO()
    font.save(stream, reorderTables=False)
    return stream.getvalue()

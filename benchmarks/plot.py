"""The rows as a figure: microseconds a request, one bar a program."""

from pathlib import Path

from benchmarks.programs import TITLES
from benchmarks.tables import MODELS, Row, number

OURS, OTHERS = "#1b6e8c", "#b8b8b8"


def draw(found: list[Row], path: Path) -> None:
    """Write the figure of both models as SVG; the same rows give the same bytes."""
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    with mpl.rc_context({"svg.hashsalt": "gridgov", "svg.fonttype": "none", "font.size": 9}):
        figure, axes = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
        for axis, (model, title) in zip(axes, MODELS.items(), strict=True):
            rows = [row for row in found if row.model == model][::-1]
            names = [
                TITLES[row.program].strip("*").replace(", with", ",\nwith") for row in rows
            ]
            own = [row.program in {"fast", "table", "play", "reference"} for row in rows]
            axis.barh(
                names, [row.us for row in rows], color=[OURS if one else OTHERS for one in own]
            )
            for at, row in enumerate(rows):
                axis.text(row.us * 1.1, at, number(row.us), va="center")
            axis.set(xscale="log", xlabel="µs a request (processor time)")
            axis.set_title(title, fontsize=9)
            axis.margins(x=0.15)
            axis.spines[["top", "right"]].set_visible(False)
        figure.savefig(path, format="svg", metadata={"Date": None})
        plt.close(figure)

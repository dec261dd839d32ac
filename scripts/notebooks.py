"""Make the executed notebooks anew from their percent sources in `notebooks/`.

``python scripts/notebooks.py`` replaces the copies; ``--check`` says which would change and
ends with exit code 3 if one would; ``--execute`` only runs them, for versions that draw other
bytes. Names such as ``01_first_run`` choose some.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
CELL = "# %%"
TEXT_CELL = "# %% [markdown]"
LARGEST_BYTES = 900_000
LONGEST_SECONDS = 600


def sources() -> list[Path]:
    """The percent sources, in order."""
    return sorted(NOTEBOOKS.glob("[0-9]*.py"))


def cells_of(source: str) -> list[tuple[str, str]]:
    """Kind (markdown or code) and text of each cell of a percent source."""
    cells: list[tuple[str, list[str]]] = []
    for line in source.splitlines():
        if line.startswith(CELL):
            if line not in (CELL, TEXT_CELL):
                raise SystemExit(f"not a cell: {line}")
            cells.append(("markdown" if line == TEXT_CELL else "code", []))
        elif cells:
            kind, lines = cells[-1]
            plain = line.removeprefix("#").removeprefix(" ")
            lines.append(plain if kind == "markdown" else line)
        elif line.strip():
            raise SystemExit(f"before the first cell: {line}")
    return [(kind, "\n".join(lines).strip("\n")) for kind, lines in cells]


def unplayed(source: str) -> Any:
    """The notebook of a source, without outputs and without anything of this machine."""
    from nbformat import v4

    notebook = v4.new_notebook()
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, (kind, text) in enumerate(cells_of(source), 1):
        make = v4.new_markdown_cell if kind == "markdown" else v4.new_code_cell
        notebook.cells.append(make(text, id=f"cell-{number:02}"))
    return notebook


def played(source: str) -> str:
    """The executed notebook as text; it holds what was computed and nothing of the run itself.

    A cell that fails, or says anything on stderr (a warning names files of the machine), ends
    it.
    """
    import nbformat
    from nbclient import NotebookClient

    notebook = unplayed(source)
    metadata = dict(notebook.metadata)
    client = NotebookClient(
        notebook,
        timeout=LONGEST_SECONDS,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        startup_timeout=LONGEST_SECONDS,
        extra_arguments=["--Application.log_level=ERROR"],  # it warns of sockets of its own
        resources={"metadata": {"path": str(NOTEBOOKS)}},
    )
    client.execute()
    notebook.metadata = metadata  # the kernel adds its version
    for cell in notebook.cells:
        cell.metadata = {}
        for output in cell.get("outputs", ()):
            if output.get("name") == "stderr":
                raise SystemExit(f"{cell.id} warns:\n{output.text}")
            if "metadata" in output:
                output.metadata = {}
    nbformat.validate(notebook)
    return nbformat.writes(notebook, indent=1) + "\n"


def settle(folder: str) -> None:
    """Give kernels nothing of the user: no start-up files, no settings; one thread."""
    os.environ.update(
        PYTHONPATH=str(ROOT),
        IPYTHONDIR=folder,
        JUPYTER_CONFIG_DIR=folder,
        JUPYTER_RUNTIME_DIR=folder,
        JUPYTER_PREFER_ENV_PATH="1",
        PYDEVD_DISABLE_FILE_VALIDATION="1",
        OPENBLAS_NUM_THREADS="1",
        OMP_NUM_THREADS="1",
        COLUMNS="100",
    )
    os.environ.setdefault("MPLCONFIGDIR", folder)


def made(source: Path) -> bytes:
    """The executed copy of a source, small enough to be kept."""
    begun = time.monotonic()
    data = played(source.read_text(encoding="utf-8")).encode()
    seconds = time.monotonic() - begun
    print(f"{source.stem}: {seconds:.0f} s, {len(data) / 1000:.0f} kB", flush=True)
    if len(data) > LARGEST_BYTES:
        raise SystemExit(f"{source.stem} is too large: draw less, or smaller")
    return data


def main() -> None:
    words = sys.argv[1:]
    names = {word for word in words if not word.startswith("--")}
    if unknown := names - {path.stem for path in sources()}:
        raise SystemExit(f"no such notebook: {', '.join(sorted(unknown))}")
    changed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="notebooks-") as folder:
        settle(folder)
        for source in sources():
            if names and source.stem not in names:
                continue
            data, copy = made(source), source.with_suffix(".ipynb")
            if "--execute" in words or (copy.is_file() and copy.read_bytes() == data):
                continue
            changed.append(copy.name)
            if "--check" not in words:
                copy.write_bytes(data)
    if "--execute" not in words:
        print(f"changed: {', '.join(changed)}" if changed else "nothing changed")
    sys.exit(3 if changed and "--check" in words else 0)


if __name__ == "__main__":
    main()

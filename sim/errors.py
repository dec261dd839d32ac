"""Everything that can go wrong, as one tree of exceptions.

::

    Exception
    └── SimError                 anything this package raises on purpose
        ├── ScenarioError        the user's scenario is wrong; carries every problem found
        ├── EvidenceError        a fact or a provenance formula is wrong or unknown
        ├── LogError             an event log is damaged or contradicts itself
        └── BilingualError       says in both languages what is wrong
            ├── PlanError        a valid model cannot be laid out as flat arrays
            ├── EngineError      a run broke one of its own invariants
            ├── AnalysisError    a figure was asked for that these runs cannot give
            ├── StoreError       a results folder cannot be read or written
            └── WorkerError      those who should play died, or cannot be reached

A `ScenarioError` is the user's to mend: the command line prints its problems and ends with
exit code 2, never with a traceback. `EngineError` is a fault of this package.

This module knows the *shape* of a problem, not how one is found: positions and code frames
are made in `sim.scenario`, while `sim.model` raises problems that know only their field.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh"]
"""The two languages in which every message exists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake in a scenario: what is wrong, where, and what to do.

    Attributes
    ----------
    code
        Stable short name of the kind of mistake, such as ``unknown-key``.
    message_en, message_zh
        What is wrong, one sentence that names the field and the value with its unit.
    path
        Dotted field path, such as ``pools.grid_workers.staffing[0].per``; empty for the
        whole document.
    file
        The file as the user named it; empty when the text came from elsewhere.
    line, column
        Position from 1; 0 where it is not known.
    cell
        Of a workbook: sheet and cell, such as ``Inputs!C7``; line and column are its row and
        column.
    hint_en, hint_zh
        What to do about it, or None where the message says so already.
    frame
        The lines around the position with a caret, without a line break at the end; empty
        when there is no text to show.
    """

    code: str
    message_en: str
    message_zh: str
    path: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    cell: str = ""
    hint_en: str | None = None
    hint_zh: str | None = None
    frame: str = ""

    @property
    def position(self) -> str:
        """The place as ``file:line:column`` or ``file:cell``, as far as it is known."""
        if self.cell:
            return f"{self.file}:{self.cell}"
        parts = [self.file] if self.file else []
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)

    def message(self, lang: Language = "en") -> str:
        """What is wrong, in one language."""
        return self.message_zh if lang == "zh" else self.message_en

    def hint(self, lang: Language = "en") -> str | None:
        """What to do about it, in one language; None where nothing need be added."""
        return self.hint_zh if lang == "zh" else self.hint_en

    def render(self, lang: Language = "en") -> str:
        """The problem as compilers print it, so that editors can jump to the place.

        Parameters
        ----------
        lang
            Language of the sentences; paths, values and the code frame stay as written.

        Returns
        -------
        ``file:line:column: path: message``, then the code frame, then the indented hint.
        """
        head = ": ".join(
            part for part in (self.position, self.path, self.message(lang)) if part
        )
        lines = [head]
        if self.frame:
            lines.append(self.frame)
        hint = self.hint(lang)
        if hint:
            lines.extend(f"   {line}" for line in hint.splitlines())
        return "\n".join(lines)

    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order of problems within a report: file, then position, then field and kind."""
        return (self.file, self.line, self.column, self.path, self.code)


class SimError(Exception):
    """Anything that this package raises on purpose."""


class ScenarioError(SimError):
    """The scenario is wrong; nothing was run.

    Parameters
    ----------
    problems
        Every problem found, at least one; kept in file order.

    Raises
    ------
    ValueError
        If there is no problem to report.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=Problem.sort_key))
        if not self.problems:
            msg = "a ScenarioError needs at least one problem"
            raise ValueError(msg)
        # Exceptions are rebuilt from `args` when a worker process hands one back.
        super().__init__(self.problems)

    def __str__(self) -> str:
        return self.render()

    def render(self, lang: Language = "en") -> str:
        """All problems, a blank line between them, and a closing count."""
        blocks = [problem.render(lang) for problem in self.problems]
        return "\n\n".join([*blocks, self.summary(lang)])

    def summary(self, lang: Language = "en") -> str:
        """How many problems there are and in which files; says that nothing was run."""
        count = len(self.problems)
        files = sorted({problem.file for problem in self.problems if problem.file})
        if lang == "zh":
            where = "、".join(files)
            return f"{where}{'中' if files else ''}共 {count} 处问题；未运行任何内容。"
        noun = "problem" if count == 1 else "problems"
        where = f" in {', '.join(files)}" if files else ""
        return f"{count} {noun}{where}; nothing was run."


class EvidenceError(SimError):
    """A fact is unknown or has no usable value, or a provenance formula is wrong."""


class BilingualError(SimError):
    """An error that says in both languages what is wrong and what to do.

    Parameters
    ----------
    text
        The message.
    zh
        The same in Chinese; empty where nobody has said it.
    """

    def __init__(self, text: str, zh: str = "") -> None:
        # Exceptions are rebuilt from `args` when a worker process hands one back.
        super().__init__(text, zh)
        self.text = text
        self.zh = zh

    def __str__(self) -> str:
        return self.text

    def message(self, lang: str) -> str:
        """What is wrong, in one language as far as it has been said in it."""
        return self.zh if lang == "zh" and self.zh else self.text


class PlanError(BilingualError):
    """A valid model cannot be laid out as flat arrays (a count too large, for instance).

    The text begins with the field path and ``": "``; the Chinese has no path.
    """

    @property
    def path(self) -> str:
        """The field path that the text begins with; empty where it begins with none."""
        head, colon, _ = self.text.partition(": ")
        return head if colon and not any(c.isspace() for c in head) else ""

    @property
    def what(self) -> str:
        """What is wrong, without the path."""
        return self.text.removeprefix(f"{self.path}: ") if self.path else self.text

    def below(self, path: str) -> "PlanError":
        """The same with more of the path before it."""
        return PlanError(f"{path}{self.text}", self.zh)


class EngineError(BilingualError):
    """A run broke one of its own invariants, or the engine that was asked for cannot play.

    The Chinese is empty where it is a fault of this package, not of the user.
    """


class LogError(SimError):
    """An event log is damaged or contradicts itself."""


class AnalysisError(BilingualError):
    """These runs cannot give the figure that was asked for."""


class StoreError(BilingualError):
    """A results folder cannot be read or written."""


class WorkerError(BilingualError):
    """Worker processes died again and again, or a cluster cannot be reached or is lost."""

"""One word for one thing: the glossary is complete, and the code keeps to it."""

import ast
import re

import pytest

from tests.conftest import ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
PARTS = ["Question", "Choice", "Reasons", "Price", "What would change it"]


def tables() -> list[tuple[list[str], list[list[str]]]]:
    """Every table of the glossary as (header, rows)."""
    found: list[tuple[list[str], list[list[str]]]] = []
    previous_was_row = False
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        is_row = line.startswith("|")
        if is_row:
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not previous_was_row:
                found.append((cells, []))
            elif not set("".join(cells)) <= set("-: "):
                found[-1][1].append(cells)
        previous_was_row = is_row
    return found


def rows(first: str) -> list[dict[str, str]]:
    """Rows of all tables whose first column is called `first`."""
    return [
        dict(zip(header, row, strict=True))
        for header, body in tables()
        if header[0] == first
        for row in body
    ]


def avoided_words() -> set[str]:
    """Words of the last table: they name nothing here."""
    return {word for row in rows("avoid") for word in re.findall(r"`(\w+)`", row["avoid"])}


def names_defined_in(path) -> set[str]:
    """Classes, functions, arguments and the module itself."""
    names = {path.stem}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.arg(arg=name):
                names.add(name)
    return names


def words(name: str) -> set[str]:
    """``EventLog`` and ``event_log`` are both event and log."""
    return {part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def test_every_term_has_its_chinese_its_meaning_its_unit_and_its_source():
    terms = rows("term")

    assert len(terms) > 80
    for term in terms:
        assert all(term.values()), term
        assert re.search(r"[\u4e00-\u9fff]", term["中文"]), term


def test_no_term_is_defined_twice():
    terms = [row["term"] for row in rows("term")]

    assert sorted(terms) == sorted(set(terms))


def fields_of_the_language() -> set[str]:
    """Every key that the model declares, read from the annotations of its classes."""
    return {
        item.target.id
        for path in (ROOT / "sim" / "model").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        for item in node.body
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
    }


def test_every_yaml_key_of_the_glossary_exists_in_the_language():
    known = fields_of_the_language() | {"extends"}
    keys = [
        key for row in rows("term") for key in re.findall(r"`([a-z_.*]+)`", row["YAML key"])
    ]

    unknown = [key for key in keys if not set(key.replace(".*", "").split(".")) <= known]

    assert len(keys) > 50
    assert unknown == []


def test_the_code_uses_no_word_that_the_glossary_avoids():
    avoided = avoided_words()
    used = {
        f"{path.relative_to(ROOT).as_posix()}: {name}"
        for path in (ROOT / "sim").rglob("*.py")
        for name in names_defined_in(path)
        if words(name) & avoided
    }

    assert {"customer", "utils"} <= avoided
    assert used == set()


def test_decision_records_are_numbered_without_gaps():
    numbers = [int(path.name[:4]) for path in DECISIONS]

    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("record", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_record_answers_the_five_questions(record):
    text = record.read_text(encoding="utf-8")

    assert re.match(rf"# {record.name[:4]}\. \w", text)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE)[: len(PARTS)] == PARTS

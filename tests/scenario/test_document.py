"""YAML 1.2 meaning, positions, and refusal of hostile text within a second."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario.document import (
    MAX_BYTES,
    compose,
    dump_inline,
    dump_yaml,
    load_plain,
    read_document,
)
from sim.scenario.nodes import Source, find, plain, show, walk
from tests.pace import allowed


def tree(text):
    node, problems = compose(text, Source("x", tuple(text.split("\n"))))
    assert problems == []
    return plain(node)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2022-03-07", "2022-03-07"),
        ("010", 10),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1e3", 1000.0),
        ("-4", -4),
        (".5", 0.5),
        ("true", True),
        ("TRUE", True),
        ("tRue", "tRue"),
        ("~", None),
        ('"3"', "3"),
        ("'true'", "true"),
        ("=", "="),
        ("9" * 5000, "9" * 5000),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_plain_scalars_mean_what_yaml_1_2_says(text, value):
    assert tree(f"a: {text}") == {"a": value}
    assert type(tree(f"a: {text}")["a"]) is type(value)


def test_every_key_and_value_knows_its_place_also_with_wide_characters():
    text = 'a: {b: 1, 网格: "x"}\nc:\n  - 5 天\n'
    root, _ = compose(text, Source("x", tuple(text.split("\n"))))

    places = {show(p): (n.mark.line, n.mark.column, n.mark.width) for p, n in walk(root) if p}

    assert places == {
        "a": (1, 4, 1),
        "a.b": (1, 8, 1),
        "a.网格": (1, 15, 3),
        "c": (3, 3, 1),
        "c[0]": (3, 5, 3),
    }
    assert find(root, ("a",)).entries["网格"].key.column == 11


def test_an_alias_stands_for_what_was_anchored():
    assert tree("a: &x {b: 1}\nc: *x") == {"a": {"b": 1}, "c": {"b": 1}}


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")

    assert plain(read_document(file)[0]) == {"a": 1, "b": 2}


SCALARS = (
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False)
    | st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12)
    | st.sampled_from(["on", "1e3", "010", "12:30", "~", "", "2022-03-07", "网格", "a: b", "#"])
)  # fmt: skip
KEYS = st.text(st.characters(whitelist_categories=["L", "N"]), min_size=1, max_size=8)
TREES = st.recursive(
    SCALARS, lambda below: st.lists(below) | st.dictionaries(KEYS, below), max_leaves=6
)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("x") / "x.yaml"


@settings(max_examples=60)
@given(st.dictionaries(KEYS, TREES, min_size=1, max_size=4))
def test_what_is_written_reads_as_itself(file, value):
    file.write_text(dump_yaml(value), encoding="utf-8")

    assert tree(dump_yaml(value)) == value
    assert tree(dump_inline(value)) == value
    assert load_plain(file) == value


def levels(count):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, count)]
    return "\n".join(lines)


HOSTILE = {
    "brackets": "[" * 200_000,
    "braces": "{a: " * 100_000,
    "dashes": "- " * 100_000,
    "bomb": levels(30),
    "merge bomb": "a0: &a0 {k: v}\n"
    + "\n".join(f"a{n}: &a{n}\n  <<: [*a{n - 1}, *a{n - 1}]" for n in range(1, 30)),
    "deep aliases": "a0: &a0 [x]\n"
    + "\n".join(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 60)),
    "cycle": "a: &x {b: *x}",
    "tag": "a: !!python/object/apply:os.system ['true']",
    "megabytes": "a: " + "x" * MAX_BYTES,
    "one long line of nothing": " " * 1_000_000,
    "quotes": '"' * 100_000,
    "anchors": "\n".join(f"a{n}: &a{n} x" for n in range(5_000)) + "\nb: [",
    "wrong keys": "\n".join(f"key{n}: x" for n in range(5_000)),
    "numbers": "run: {seed: " + "9" * 4_000 + "}",
    "a name of controls": 'name: "\\e[31m\\a\\0"',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_within_a_second(name, tmp_path):
    import sim.model.system  # noqa: F401 - the time to load it is not the time to refuse
    from sim.scenario.reader import read_scenario

    file = tmp_path / "hostile.yaml"
    file.write_text(HOSTILE[name], encoding="utf-8")
    began = time.process_time()  # other processes on a busy machine do not count

    with pytest.raises(ScenarioError) as caught:
        read_scenario(file)
    shown = caught.value.render("en")

    assert time.process_time() - began < allowed(1)
    assert "\x1b" not in shown
    assert "\x07" not in shown


@pytest.mark.parametrize("name", ["nothing.yaml", ".", "a\0b.yaml", "x" * 5000])
def test_a_path_that_is_no_file_is_told_like_any_mistake(name, tmp_path):
    with pytest.raises(ScenarioError):
        read_document(tmp_path / name)


def test_a_misspelt_file_name_is_answered_with_the_nearest_one(tmp_path):
    (tmp_path / "bijiang.yaml").write_text("a: 1")

    with pytest.raises(ScenarioError) as caught:
        read_document(tmp_path / "bijang.yaml")

    assert caught.value.problems[0].hint_en == "Did you mean 'bijiang.yaml'?"

"""The public surface: what `import sim` promises exists and says what it is."""

import inspect

import pytest

import sim
from sim import errors

NAMES = tuple(getattr(sim, "__all__", ()))


def test_the_public_names_are_few_and_each_listed_once():
    assert 0 < len(NAMES) <= 20
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_exists_and_is_documented(name):
    value = getattr(sim, name)

    if name != "__version__":
        assert inspect.getdoc(value), f"sim.{name} has no docstring"
        assert name in dir(sim)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = sim.no_such_name


def test_the_tree_drawn_in_the_docstring_is_the_tree_of_exceptions():
    kinds = [
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, errors.SimError)
    ]

    drawn = [
        row.split("── ")[1].split()[0] for row in errors.__doc__.splitlines() if "── " in row
    ]

    assert sorted(drawn) == sorted(kinds)

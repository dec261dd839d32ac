"""The page of exact results is what its maker makes, and says something of every row."""

from tests.oracles import page
from tests.oracles.table import rows


def test_the_page_is_up_to_date():
    assert page.PAGE.read_text(encoding="utf-8") == page.page(), "run `make oracles`"


def test_reasons_are_for_rows_that_exist_and_are_not_covered():
    assert set(page.WHY) <= {row.id for row in rows()}
    assert not set(page.WHY) & set(page.mentions())

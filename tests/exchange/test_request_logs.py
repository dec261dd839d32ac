"""Reading logs: what is kept, what is left out and why, and where mistakes are."""

from datetime import timedelta

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.exchange.case_list import case_list
from sim.exchange.cities import CITIES
from sim.exchange.request_log import CLOSED, NONE, OPEN, UNKNOWN, Wish, read_log
from sim.model.columns import Columns, Statuses
from tests.exchange import made_logs

HOUR = 3_600_000_000


@pytest.fixture
def made():
    return made_logs.requests(days=7)


def durations(made):
    return sorted((one.closed - one.created) / timedelta(hours=1) for one in made if one.closed)


@pytest.mark.parametrize("form", ["boston", "nyc", "open311"])
def test_every_form_gives_the_same_requests(tmp_path, made, form):
    writers = {
        "boston": lambda: made_logs.boston(tmp_path, made, timedelta(days=2)),
        "nyc": lambda: made_logs.new_york(tmp_path, made),
        "open311": lambda: made_logs.open311(tmp_path, made),
    }

    log = read_log(writers[form](), CITIES[form])

    assert (log.rows, len(log.ids)) == (len(made), len(made))
    assert (log.outcome == OPEN).sum() == sum(one.closed is None for one in made)
    # The clocks of New York and Boston change on 14 March: only elapsed time is compared.
    shift = 1.0 if form in ("boston", "nyc") else 0.0
    found = np.sort(log.duration[log.outcome == CLOSED] / HOUR)
    assert np.abs(found - durations(made)).max() <= shift
    assert log.classes == ("bulky_items", "dead_animal", "street_light")


def test_a_night_of_twenty_three_hours_is_no_longer_than_it_was(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(
        "Unique Key,Created Date,Closed Date,Complaint Type\n"
        "1,03/13/2021 11:00:00 PM,03/14/2021 05:00:00 AM,Noise\n"
    )

    log = read_log(path, CITIES["nyc"])

    assert log.duration[0] == 5 * HOUR


def test_what_is_left_out_is_counted_by_reason(tmp_path, made):
    odd = (
        ["1-1", "Bulky Items", "Closed", "03/01/21 05:00", "", "", "", "Call"],
        ["2-1", "Bulky Items", "Cancelled", "03/01/21 05:00", "", "", "03/01/21 06:00", "Call"],
        ["2-2", "", "Closed", "03/01/21 05:00", "", "", "03/01/21 06:00", "Call"],
        ["2-3", "Bulky Items", "Closed", "", "", "", "03/01/21 06:00", "Call"],
        ["2-4", "Bulky Items", "Closed", "03/01/21 05:00", "", "", "03/01/21 04:00", "Call"],
        ["2-5", "Bulky Items", "Closed", "03/01/21 05:00", "", "", "", "Call"],
        ["2-6", "Bulky Items", "Closed", "03/01/21 05:00", "", "", "03/01/21 05:00",
         "Driver Self Report"],
    )  # fmt: skip
    log = read_log(made_logs.los_angeles(tmp_path, made, odd), CITIES["la"])

    assert log.rows == len(made) + len(odd)
    assert log.dropped == {"duplicate": 1, "cancelled": 1, "no_type": 1, "no_report_time": 1}
    assert log.untimed == {"closed_without_time": 1, "closed_before_report": 1}
    assert len(log.ids) == log.rows - sum(log.dropped.values())
    assert (log.outcome == UNKNOWN).sum() == 2
    assert "bulky_items_found" in log.classes
    assert log.duration[log.ids.index("2-6")] == 0


def test_cancelled_requests_and_finds_are_kept_where_asked_for(tmp_path, made):
    odd = (
        ["2-1", "Bulky Items", "Cancelled", "03/01/21 05:00", "", "", "03/01/21 06:00", "Call"],
        ["2-6", "Bulky Items", "Closed", "03/01/21 05:00", "", "", "03/01/21 05:00",
         "Driver Self Report"],
    )  # fmt: skip
    path = made_logs.los_angeles(tmp_path, made, odd)

    kept = read_log(path, CITIES["la"], Wish(finds="keep", keep_cancelled=True))
    without = read_log(path, CITIES["la"], Wish(finds="drop"))

    assert len(kept.ids) == len(made) + 2
    assert "bulky_items_found" not in kept.classes
    assert without.dropped == {"cancelled": 1, "found_by_workers": 1}


def test_what_happens_after_the_end_of_the_log_has_not_happened(tmp_path, made):
    path = made_logs.new_york(tmp_path, made)

    log = read_log(path, CITIES["nyc"], Wish(until="2021-03-04"))

    there = [one for one in made if one.created.day < 4]
    assert len(log.ids) == len(there)
    assert log.dropped["after_the_end"] == len(made) - len(there)
    assert (log.outcome == OPEN).sum() == sum(
        one.closed is None or (one.closed.month, one.closed.day) >= (3, 4) for one in there
    )


def test_on_time_closing_is_recomputed_case_by_case(tmp_path, made):
    path = made_logs.boston(tmp_path, made, timedelta(hours=30))

    rows = [line.strip().split(",") for line in case_list(read_log(path, CITIES["boston"]))]

    header, *cases = rows
    rule, flag = header.index("on_time_by_city_rule"), header.index("city_flag")
    assert len(cases) == len(made)
    assert all(case[rule] == case[flag] for case in cases)
    assert {case[rule] for case in cases} == {"yes", "no"}


def problems_of(path, form="nyc", wish=Wish()):  # noqa: B008
    with pytest.raises(ScenarioError) as caught:
        read_log(path, CITIES[form], wish)
    for lang in ("en", "zh"):
        assert all(each.message(lang) and each.hint(lang) for each in caught.value.problems)
    return caught.value.problems


HEAD = "Unique Key,Created Date,Closed Date,Complaint Type\n"


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (b"", "log-empty", (1, 1)),
        (b"\n \n", "log-empty", (1, 1)),
        (HEAD.encode(), "log-nothing", (1, 1)),
        (b"a,b\n1,2\n", "log-column", (1, 1)),
        ((HEAD + "1,01/02/2021 01:00:00 AM,,Noise\n2,02.01.2021,,Noise\n").encode(),
         "log-time", (3, 3)),
        ((HEAD + "1,01/02/2021 01:00:00 AM,,Noise\n2,2021-01-02 03:00,,Noise\n").encode(),
         "log-times-mixed", (3, 3)),
        ((HEAD + '1,01/02/2021 01:00:00 AM,x,"a\nb"\n').encode(), "log-time", (2, 26)),
        ((HEAD + "1,01/02/2021 01:00:00 AM,Noise\n").encode(), "log-cells", (2, 1)),
        ((HEAD + '1,01/02/2021 01:00:00 AM,,"Noise\n').encode(), "log-csv", (2, 1)),
        ((HEAD + "1,01/02/2021 01:00:00 AM,,噪声\n").encode("gbk"), "log-encoding", (2, 27)),
    ],
    ids=["empty", "blank", "headings-only", "columns", "no-date", "mixed-dates", "second-cell",
         "ragged", "quote", "gbk"],
)  # fmt: skip
def test_a_mistake_has_its_file_line_and_column(tmp_path, data, code, place):
    path = tmp_path / "log.csv"
    path.write_bytes(data)

    (problem,) = [each for each in problems_of(path) if each.code == code][:1]

    assert problem.file == str(path)
    assert (problem.line, problem.column) == place


def test_a_byte_order_mark_and_another_encoding_are_read(tmp_path):
    path = tmp_path / "log.csv"
    text = HEAD + "1,01/02/2021 01:00:00 AM,,噪声\n"

    path.write_bytes(text.encode("utf-8-sig"))
    assert read_log(path, CITIES["nyc"]).classes == ("噪声",)
    path.write_bytes(text.encode("gbk"))
    assert read_log(path, CITIES["nyc"], Wish(encoding="gbk")).classes == ("噪声",)


def test_unreadable_rows_are_counted_where_that_is_asked_for(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(HEAD + "1,01/02/2021 01:00:00 AM,,Noise\n2,yesterday,,Noise\n3,x\n")

    log = read_log(path, CITIES["nyc"], Wish(skip_unreadable=True))

    assert (len(log.ids), log.dropped) == (1, {"unreadable": 2})


def test_only_the_first_mistakes_are_told(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(HEAD + "1,yesterday,,Noise\n" * 500)

    assert len(problems_of(path)) == 1  # the others repeat its number

    path.write_text(HEAD + "".join(f"{n},yesterday,,Noise\n" for n in range(500)))
    assert len(problems_of(path)) == 20


@pytest.mark.parametrize(
    ("text", "place"),
    [('[{"status": "open"},\n  {"status": }]', (2, 14)), ('{"a": 1}', (1, 1)), ("[1]", (1, 2))],
    ids=["broken", "no-list", "no-object"],
)
def test_broken_json_has_its_place(tmp_path, text, place):
    path = tmp_path / "log.json"
    path.write_text(text)

    (problem,) = problems_of(path, "open311")

    assert (problem.code, problem.line, problem.column) == ("log-json", *place)


def test_a_wrong_time_in_json_is_at_its_request(tmp_path):
    path = tmp_path / "log.json"
    good = '{"requested_datetime": "2021-01-01T00:00:00Z", "service_name": "a"}'
    path.write_text(f"[{good},\n {good.replace('2021-01-01T', 'on ')}]")

    (problem,) = problems_of(path, "open311")

    assert (problem.code, problem.line, problem.column) == ("log-time", 2, 2)


def test_a_form_of_ones_own(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("Nr;Auf;Zu;Art;Stand\n7;1.2.2021 08:00;2.2.2021 09:00;Müll;erledigt\n")
    form = Columns(
        id="Nr",
        created="auf",
        closed="ZU",
        type="Art",
        status="Stand",
        times="%d.%m.%Y %H:%M",
        statuses=Statuses(closed="Erledigt"),
    )

    log = read_log(path, form)

    assert (log.classes, log.duration.tolist()) == (("müll",), [25 * HOUR])
    assert log.due_in.tolist() == [NONE]


def test_an_unknown_zone_is_told(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("a,b\n2021-01-01,x\n")

    with pytest.raises(ScenarioError, match="no time zone 'Mars'"):
        read_log(path, Columns(created="a", type="b", zone="Mars"))

"""Small logs in the forms of the cities, made up: no row is a real request."""

import csv
import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

TYPES = {"Bulky Items": (30.0, 0.8), "Dead Animal": (4.0, 1.2), "Street Light": (90.0, 1.0)}
"""Median hours to closing, and sigma of its logarithm."""
RATES = {"Bulky Items": 3.0, "Dead Animal": 1.0, "Street Light": 0.8}
"""Requests an hour by day; a third of it at night."""
START = datetime(2021, 3, 1)


class Request(NamedTuple):
    """One made-up request."""

    number: int
    type: str
    created: datetime
    closed: datetime | None


def requests(days: int = 21, seed: int = 5, *, follow_up: int = 60) -> list[Request]:
    """Requests of some days, in order; those not closed so long after the end are open."""
    dice = random.Random(seed)
    end = START + timedelta(days=days + follow_up)
    made = []
    for kind, rate in RATES.items():
        at = START
        while True:
            # Thinning: the night has a third of the day's rate.
            at += timedelta(hours=dice.expovariate(rate))
            if at >= START + timedelta(days=days):
                break
            if not 8 <= at.hour < 20 and dice.random() > 1 / 3:
                continue
            median, sigma = TYPES[kind]
            took = timedelta(hours=median * dice.lognormvariate(0, sigma))
            done = at + took
            made.append((at.replace(microsecond=0), kind, done.replace(microsecond=0)))
    return [
        Request(number, kind, at, done if done <= end else None)
        for number, (at, kind, done) in enumerate(sorted(made), 1)
    ]


def _write(path: Path, header: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def los_angeles(folder: Path, made: list[Request], extra: tuple[list[str], ...] = ()) -> Path:
    """A log as Los Angeles writes it; times to the minute."""
    header = [
        "srnumber", "requesttype", "status", "createddate", "updateddate", "servicedate",
        "closeddate", "requestsource",
    ]  # fmt: skip
    rows = []
    for one in made:
        done = "" if one.closed is None else f"{one.closed:%m/%d/%y %H:%M}"
        status = "Open" if one.closed is None else "Closed"
        created = f"{one.created:%m/%d/%y %H:%M}"
        rows.append(
            [f"1-{one.number}", one.type, status, created, done or created, "", done, "Call"]
        )
    return _write(folder / "la.csv", header, [*rows, *extra])


def boston(folder: Path, made: list[Request], target: timedelta | None) -> Path:
    """A log as Boston writes it; every fourth request has no target."""
    header = [
        "case_enquiry_id", "open_dt", "target_dt", "closed_dt", "ontime", "case_status",
        "type", "source",
    ]  # fmt: skip
    rows = []
    for one in made:
        due = one.created + target if target and one.number % 4 else None
        late = due is not None and (one.closed is None or one.closed > due)
        rows.append(
            [
                str(one.number),
                str(one.created),
                "" if due is None else str(due),
                "" if one.closed is None else str(one.closed),
                "OVERDUE" if late else "ONTIME",
                "Open" if one.closed is None else "Closed",
                one.type,
                "Constituent Call",
            ]
        )
    return _write(folder / "boston.csv", header, rows)


def new_york(folder: Path, made: list[Request]) -> Path:
    """A log as New York writes it: clocks of twelve hours."""
    header = ["Unique Key", "Created Date", "Closed Date", "Complaint Type", "Status"]
    form = "%m/%d/%Y %I:%M:%S %p"
    rows = [
        [
            str(one.number),
            one.created.strftime(form),
            "" if one.closed is None else one.closed.strftime(form),
            one.type,
            "Assigned" if one.closed is None else "Closed",
        ]
        for one in made
    ]
    return _write(folder / "nyc.csv", header, rows)


def open311(folder: Path, made: list[Request], offset: str = "+08:00") -> Path:
    """A log as Open311 has it: JSON, the last touch of a closed request is its closing."""
    rows = [
        {
            "service_request_id": one.number,
            "status": "open" if one.closed is None else "closed",
            "service_name": one.type,
            "requested_datetime": one.created.isoformat() + offset,
            "updated_datetime": (one.closed or one.created).isoformat() + offset,
        }
        for one in made
    ]
    path = folder / "open311.json"
    path.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return path

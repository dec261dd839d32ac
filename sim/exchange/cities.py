"""Forms of logs that are known by name: three cities, and the Open311 standard.

Headings are those of the cities' own portals and of GeoReport v2 and its bulk form
(https://github.com/open311/open311.github.io). Where a portal changed a heading both are given.
"""

from typing import Final

from sim.model.columns import ISO, Columns, Statuses

US_TIMES: Final = [
    "%m/%d/%y %H:%M",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p",
    ISO,
]

LOS_ANGELES: Final = Columns(
    id=["SRNumber"],
    created=["CreatedDate"],
    closed=["ClosedDate"],
    due=["ServiceDate"],
    due_is_day=True,
    updated=["UpdatedDate"],
    status=["Status"],
    type=["RequestType"],
    channel=["RequestSource"],
    times=US_TIMES,
    zone="America/Los_Angeles",
    statuses=Statuses(open=["Open", "Pending"], closed=["Closed"], cancelled=["Cancelled"]),
    found=["Driver Self Report"],
)
BOSTON: Final = Columns(
    id=["case_enquiry_id", "case_id"],
    created=["open_dt", "open_date"],
    closed=["closed_dt", "close_date"],
    due=["target_dt", "sla_target_dt"],
    status=["case_status"],
    type=["type"],
    channel=["source"],
    on_time=["ontime", "on_time"],
    times=[ISO, "%m/%d/%Y %I:%M:%S %p"],
    zone="America/New_York",
    statuses=Statuses(open=["Open"], closed=["Closed"]),
    found=["City Worker App", "Employee Generated"],
)
NEW_YORK: Final = Columns(
    id=["Unique Key"],
    created=["Created Date"],
    closed=["Closed Date"],
    due=["Due Date"],
    updated=["Resolution Action Updated Date"],
    status=["Status"],
    type=["Complaint Type", "Problem (formerly Complaint Type)"],
    channel=["Open Data Channel Type"],
    times=["%m/%d/%Y %I:%M:%S %p", *US_TIMES[:3], ISO],
    zone="America/New_York",
    statuses=Statuses(
        open=["Open", "Pending", "Assigned", "In Progress", "Started", "Unspecified"],
        closed=["Closed"],
        cancelled=["Cancel"],
    ),
)
OPEN311: Final = Columns(
    id=["service_request_id"],
    created=["requested_datetime"],
    closed=["closed_date", "closed_datetime"],
    due=["expected_datetime"],
    updated=["updated_datetime"],
    status=["status"],
    type=["service_name", "service_code"],
    channel=["source"],
    times=[ISO],
    statuses=Statuses(open=["open"], closed=["closed"]),
    updated_is_closing=True,
)
CITIES: Final[dict[str, Columns]] = {
    "la": LOS_ANGELES,
    "boston": BOSTON,
    "nyc": NEW_YORK,
    "open311": OPEN311,
}
"""By the name that ``gridgov import --as`` takes."""

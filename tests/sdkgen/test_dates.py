"""Dates in every form that vendors write are read, and go back as they came."""

from __future__ import annotations

import copy
import datetime
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdkgen.golden.generated.example_client.dates import (
    Date,
    DateTime,
    UnparsedDate,
    UnparsedDateTime,
    default_zone,
    format_date,
    format_datetime,
    parse_date,
    parse_datetime,
)
from tests.sdkgen.golden.generated.example_client.errors import ResponseDecodeError

UTC = datetime.UTC
MOMENT = datetime.datetime(2020, 5, 23, 0, 54)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-05-23 00:54:00", MOMENT),
        ("2020-05-23T00:54:00", MOMENT),
        ("2020-05-23T00:54:00Z", MOMENT.replace(tzinfo=UTC)),
        ("2020-05-23t00:54:00z", MOMENT.replace(tzinfo=UTC)),
        ("2018-11-13T12:18:49.7233333Z", datetime.datetime(2018, 11, 13, 12, 18, 49, 723333, UTC)),
        ("2019-10-09 14:51:18+00", datetime.datetime(2019, 10, 9, 14, 51, 18, tzinfo=UTC)),
        ("2019-10-09 14:51:18+0530", datetime.datetime(2019, 10, 9, 9, 21, 18, tzinfo=UTC)),
        ("2019-10-09 14:51:18-3", datetime.datetime(2019, 10, 9, 17, 51, 18, tzinfo=UTC)),
        ("2021-06-7 00:00:00", datetime.datetime(2021, 6, 7)),
        ("2021-6-7", datetime.datetime(2021, 6, 7)),
        ("2020-05-22 24:00:00", datetime.datetime(2020, 5, 23)),
        ("2020-12-31T24:00:00Z", datetime.datetime(2021, 1, 1, tzinfo=UTC)),
        ("2020-05-23", datetime.datetime(2020, 5, 23)),
        ("20200523", datetime.datetime(2020, 5, 23)),
        ("Sat, 23 May 2020 00:54:00 GMT", MOMENT.replace(tzinfo=UTC)),
        ("23 May 2020 02:54:00 +0200", MOMENT.replace(tzinfo=UTC)),
        ("2020-05-23 00:54:00 UTC", MOMENT.replace(tzinfo=UTC)),
        (" 2020-05-23 00:54:00 ", MOMENT),
        (1590195240, MOMENT.replace(tzinfo=UTC)),
        (1590195240.5, MOMENT.replace(tzinfo=UTC, microsecond=500000)),
        ("1590195240", MOMENT.replace(tzinfo=UTC)),
        (1590195240000, MOMENT.replace(tzinfo=UTC)),
        ("1590195240000", MOMENT.replace(tzinfo=UTC)),
        ("1201010210123", datetime.datetime(2008, 1, 22, 13, 56, 50, 123000, UTC)),
        (0, datetime.datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_every_form_is_read_and_goes_back(text: Any, expected: datetime.datetime) -> None:
    parsed = parse_datetime(text)

    assert isinstance(parsed, DateTime)
    assert expected == parsed
    assert (expected.tzinfo is None) == (parsed.tzinfo is None)
    assert text == parsed.raw
    assert text == format_datetime(parsed)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "0000-00-00 00:00:00",
        "0000-00-00",
        "garbage",
        "2020-13-01",
        "2020-05-23 25:00:00",
        "2020-05-23 24:00:01",
        "Sat, 99 Foo 2020 00:54:00 GMT",
        "20",
        "9" * 19,
        True,
        None,
        10**30,
        float("inf"),
    ],
)
def test_what_fits_no_form_is_kept(value: Any) -> None:
    parsed = parse_datetime(value)

    assert isinstance(parsed, UnparsedDateTime)
    assert value is parsed.raw or value == parsed.raw
    assert value is format_datetime(parsed) or value == format_datetime(parsed)


@pytest.mark.parametrize("value", [[], {}, ["2020-05-23"]])
def test_a_structure_is_no_date(value: Any) -> None:
    for parse in (parse_datetime, parse_date):
        with pytest.raises(ResponseDecodeError):
            parse(value)


@given(
    moment=st.datetimes(min_value=datetime.datetime(1, 1, 2)), digits=st.integers(0, 9999999), style=st.integers(0, 3)
)
def test_vendor_forms_over_all_moments(moment: datetime.datetime, digits: int, style: int) -> None:
    date = f"{moment.year:04}-{moment.month:02}-{moment.day:02}"
    text = [
        f"{date} {moment:%H:%M:%S}",
        f"{date}T{moment:%H:%M:%S}.{digits:07}Z",
        f"{date} {moment:%H:%M:%S}+00",
        f"{moment.year:04}-{moment.month}-{moment.day} {moment:%H:%M:%S}",
    ][style]
    expected = moment.replace(microsecond=digits // 10 if style == 1 else 0, tzinfo=UTC if style in {1, 2} else None)

    parsed = parse_datetime(text)

    assert expected == parsed
    assert text == format_datetime(parsed)


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none()))
def test_no_scalar_is_refused(value: Any) -> None:
    for back in (format_datetime(parse_datetime(value)), format_date(parse_date(value))):
        assert value is back or value == back


def test_the_default_zone_is_given_to_naive_values_only() -> None:
    zone = datetime.timezone(datetime.timedelta(hours=10))
    token = default_zone.set(zone)
    try:
        naive, odd, aware = (
            parse_datetime(text) for text in ("2020-05-23 00:54:00", "2020-5-3", "2020-05-23T00:54:00Z")
        )
        assert isinstance(naive, DateTime)
        assert isinstance(odd, DateTime)
        assert isinstance(aware, DateTime)
        assert (zone, zone, UTC) == (naive.tzinfo, odd.tzinfo, aware.tzinfo)
        assert naive.raw == "2020-05-23 00:54:00"
        assert format_datetime(MOMENT) == "2020-05-23T00:54:00+10:00"
        assert format_datetime(MOMENT.replace(tzinfo=UTC), "naive-space") == "2020-05-23 10:54:00"
    finally:
        default_zone.reset(token)


def test_what_is_computed_has_no_raw_value() -> None:
    parsed = parse_datetime("2018-11-13T12:18:49.7233333Z")
    assert isinstance(parsed, DateTime)
    later = parsed + datetime.timedelta(days=1)

    assert isinstance(later, DateTime)
    assert later.raw is None
    assert parsed.replace(year=2019).raw is None
    assert format_datetime(later) == "2018-11-14T12:18:49.723333Z"
    assert parsed - parsed == datetime.timedelta(0)
    assert parsed.astimezone(UTC) == parsed


@pytest.mark.parametrize("value", ["2018-11-13T12:18:49.7233333Z", "2020-05-23 00:54:00", "garbage", "", None, 5])
@pytest.mark.parametrize("parse", [parse_datetime, parse_date])
def test_copies_keep_the_raw_value(value: Any, parse: Any) -> None:
    parsed = parse(value)
    for twin in (copy.copy(parsed), copy.deepcopy(parsed), pickle.loads(pickle.dumps(parsed))):
        assert parsed == twin
        assert type(parsed) is type(twin)
        assert parsed.raw == twin.raw
        assert hash(parsed) == hash(twin)


@pytest.mark.parametrize(
    ("form", "aware", "naive"),
    [
        ("rfc3339", "2020-05-23T00:54:00Z", "2020-05-23T00:54:00"),
        ("fraction6", "2020-05-23T00:54:00.000000Z", "2020-05-23T00:54:00.000000"),
        ("fraction7", "2020-05-23T00:54:00.0000000Z", "2020-05-23T00:54:00.0000000"),
        ("naive-space", "2020-05-23 00:54:00", "2020-05-23 00:54:00"),
        ("offset-short", "2020-05-23 00:54:00+00", "2020-05-23 00:54:00+00"),
    ],
)
def test_given_moments_are_written_in_the_form_of_the_vendor(form: str, aware: str, naive: str) -> None:
    assert aware == format_datetime(MOMENT.replace(tzinfo=UTC), form)
    assert naive == format_datetime(MOMENT, form)
    assert parse_datetime(aware) in {MOMENT, MOMENT.replace(tzinfo=UTC)}


@pytest.mark.parametrize(
    "text", ["2020-05-03", "2020-5-3", "2020-05-03T00:00:00Z", "2020-05-03 10:11:12", "20200503", "2020/05/03"]
)
def test_days(text: str) -> None:
    parsed = parse_date(text)

    assert isinstance(parsed, Date)
    assert datetime.date(2020, 5, 3) == parsed
    assert text == format_date(parsed)


def test_days_that_fit_no_form_and_moments_given_for_days() -> None:
    assert parse_date("0000-00-00") == UnparsedDate("0000-00-00")
    assert format_date(datetime.datetime(2020, 5, 3, 10)) == "2020-05-03"
    assert format_date(datetime.date(2020, 5, 3)) == "2020-05-03"

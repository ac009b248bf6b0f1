"""Tests that a company has scheduled."""

from __future__ import annotations

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.storage import equal
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.talentics.paging import page_of
from assaykit.emulator.vendors.talentics.records import EXAMS, owned

behaviours = Behaviours()


@behaviours.operation("exams_list")
def list_exams(call: Call) -> Success:
    """List the account's tests."""
    found, around = page_of(call, EXAMS, equal(owner=call.identity), "/v2/exams")
    return Success({"data": [exam["shown"] for exam in found], **around})


@behaviours.operation("exams_get")
def get(call: Call) -> Success:
    """Show a test."""
    return Success({"data": owned(call, EXAMS, call.path["exam_id"], "test")["shown"]})

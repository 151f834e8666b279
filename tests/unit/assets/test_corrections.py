import datetime as dt

import pytest
from pydantic import ValidationError

from assets.corrections import Corrections, Drop, Flag, Override, Scale

FIX = {
    "match": {"town": "本町"},
    "expect": {"visit_count": "600"},
    "reason": "打ち間違い",
    "reported_to": "市民係",
    "reported_on": "2026-04-16",
}


@pytest.mark.parametrize(
    ("kind", "fields", "model"),
    [
        ("drop", {}, Drop),
        ("override", {"column": "visit_count", "value": "60"}, Override),
        ("scale", {"column": "visit_count", "factor": 1000}, Scale),
        ("flag", {"column": "visit_count"}, Flag),
    ],
)
def test_every_action_has_its_own_shape(kind, fields, model):
    fixes = Corrections.model_validate([{**FIX, "action": kind, **fields}])
    assert isinstance(fixes.root[0], model)
    assert fixes.root[0].reported_on == dt.date(2026, 4, 16)
    assert fixes.root[0].periods == []


@pytest.mark.parametrize(
    "change",
    [
        {"action": "delete"},
        {"action": "scale", "column": "visit_count"},
        {"action": "drop", "expect": {}},
        {"action": "drop", "match": {}},
        {"action": "drop", "reason": ""},
        {"action": "drop", "value": "60"},
    ],
)
def test_a_correction_without_its_guard_or_reason_is_refused(change):
    with pytest.raises(ValidationError):
        Corrections.model_validate([{**FIX, **change}])

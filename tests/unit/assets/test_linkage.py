"""What a linkage YAML may not say: names alone, persons without a basis, keys that are not there."""

import copy
from typing import Any

import pytest
from pydantic import ValidationError

from assets.linkage import Linkage
from assets.register import load_register

GOOD: dict[str, Any] = {
    "title": "突合",
    "purpose": "試す",
    "subject": "person",
    "legal_basis": "要確認",
    "owner": {"department": "課", "contact": "係"},
    "datasets": [
        {"dataset": "users", "columns": {"kana": "kana", "born": "born", "place": ["lat", "lon"]}},
        {"dataset": "people", "columns": {"kana": "kana", "born": "born", "place": ["lat", "lon"]}},
    ],
    "keys": {
        "kana": {"title": "氏名カナ", "transform": "kana", "scheme": "person"},
        "born": {"title": "生年月日", "transform": "date"},
        "place": {"title": "位置", "transform": "point"},
    },
    "blocking": [["born"]],
    "maximum_pairs": 1000,
    "comparisons": [
        {"key": "kana", "levels": [{"level": "exact", "m": 0.9, "u": 0.01}]},
        {"key": "born", "levels": [{"level": "exact", "m": 0.9, "u": 0.01}]},
    ],
    "prior": 0.1,
    "thresholds": {"link": 0.9, "review": 0.5, "lead": 1},
    "matching": "one_to_one",
}


def spoiled(path, value):
    linkage = copy.deepcopy(GOOD)
    *way, last = path
    place: Any = linkage
    for step in way:
        place = place[step]
    place[last] = value
    return linkage


def test_the_good_one_is_good():
    Linkage.model_validate(GOOD)


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("legal_basis",), None, "根拠となる法令"),
        (("keys", "born"), {"title": "氏名", "transform": "name"}, "名前だけでは結べません"),
        (("blocking",), [["borm"]], "keys にない名前です: borm。「born」の書き間違い"),
        (("blocking",), [["place"]], "blocking・rules には使えません"),
        (("thresholds", "review"), 0.95, "review は link 以下"),
        (("comparisons", 0, "levels", 0), {"level": "metres", "at_most": 5}, "比べられません"),
        (("comparisons", 0, "levels", 0), {"level": "exact", "m": 0.9}, "estimation"),
        (("comparisons", 0, "levels"), [{"level": "exact", "m": 0.9, "u": 0.1},
         {"level": "jaro_winkler", "at_least": 0.9, "m": 0.2, "u": 0.1}], "1 より小さく"),
        (("datasets", 1, "columns"), {"kana": "kana"}, "born の列が"),
        (("datasets", 1, "columns", "place"), ["lat"], "緯度と経度の2列"),
        (("datasets",), GOOD["datasets"][:1], "matching: many"),
        (("keys", "born", "scheme"), "person", "scheme は"),
        (("typo",), 1, "typo"),
    ],
)  # fmt: skip
def test_a_slip_is_told(path, value, told):
    with pytest.raises(ValidationError) as caught:
        Linkage.model_validate(spoiled(path, value))
    assert told in str(caught.value)


def test_the_shipped_ones_name_what_is_there_and_their_basis():
    register = load_register()
    assert {"facilities_and_shelters", "library_users_and_residents"} <= set(register.linkages)
    persons = [d.spec for d in register.linkages.values() if d.spec.subject == "person"]
    assert all("要確認" in str(spec.legal_basis) for spec in persons)

"""Rows as entities: what stands in the cells and nothing else, in both ways of writing."""

from __future__ import annotations

import json
import re
from typing import Any

import polars as pl
import pytest

from tests.unit.warehouse.exchange.declared import MAPPINGS
from warehouse.exchange.dialect import DIALECTS, NGSI_LD, NGSI_V2
from warehouse.exchange.entities import entities_of, id_pattern
from warehouse.exchange.orion_text import FORBIDDEN, decode


def write(slug: str, dialect, **columns: list) -> tuple[list[dict[str, Any]], tuple]:
    made = entities_of(
        pl.DataFrame(columns), MAPPINGS[slug], dialect, release=slug, municipality="272999",
        common={"dataProvider": "はるみ市"},
    )  # fmt: skip
    found = [json.loads(document) for document in made.documents]
    assert made.ids.to_list() == [entity["id"] for entity in found]
    return found, made.notes


PLACE = {
    "ID": ["001"], "名称": ['本館(中央)"旧"'], "緯度": ["34.780000"], "経度": ["135.470000"],
    "所在地_連結表記": ["大阪府はるみ市本町1-1"], "URL": ["https://example.jp/施設?id=1"],
}  # fmt: skip


def test_writes_ngsi_ld():
    [entity], _ = write("public_facility", NGSI_LD, **PLACE)
    assert entity["id"] == "urn:ngsi-ld:PointOfInterest:272999:public_facility:001"
    assert entity["type"] == "PointOfInterest"
    assert entity["name"] == {"type": "Property", "value": '本館(中央)"旧"'}
    point = {"type": "Point", "coordinates": [135.47, 34.78]}
    assert entity["location"] == {"type": "GeoProperty", "value": point}
    assert entity["address"]["value"]["streetAddress"] == "大阪府はるみ市本町1-1"
    uri = "https://example.jp/%E6%96%BD%E8%A8%AD?id=1"
    assert entity["additionalInfoURL"]["value"] == uri
    assert entity["dataProvider"]["value"] == "はるみ市"


def test_writes_ngsi_v2_without_a_forbidden_character():
    [entity], _ = write("public_facility", NGSI_V2, **PLACE)
    assert entity["location"]["type"] == "geo:json"
    assert entity["location"]["value"]["coordinates"] == [135.47, 34.78]
    assert decode(entity["name"]["value"]) == '本館(中央)"旧"'
    assert not set("".join(texts(entity))) & set(FORBIDDEN)
    allowed = [name for name in names(entity) if not name.isascii() or set(name) & set(" &?/#")]
    assert allowed == []


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for key, inner in value.items() for text in [key, *texts(inner)]]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []


def names(entity: dict[str, Any]) -> list[str]:
    return [*entity, *(v["type"] for v in entity.values() if isinstance(v, dict))]


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_leaves_out_what_is_blank(dialect):
    found, notes = write(
        "public_facility", dialect, ID=["1", "2"], 名称=["本館", "別館"],
        説明=[None, " "], 電話番号=["06-0000-0000", None], 緯度=[None, ""], 経度=[None, None],
    )  # fmt: skip
    for entity in found:
        assert "description" not in entity
        assert "location" not in entity
    assert "contactPoint" in found[0]
    assert "contactPoint" not in found[1]
    assert not [note for note in notes if "表にない列" not in note]


def test_writes_numbers_letter_by_letter():
    made = entities_of(
        pl.DataFrame({"地域名": ["本町"], "調査年月日": ["2026-04-01"], "総人口": [120], "男性": ["0060"]}),
        MAPPINGS["population"], NGSI_LD, release="population", municipality="272999", common={},
    )  # fmt: skip
    entity = json.loads(made.documents[0])
    midnight = "2026-03-31T15:00:00.000Z"
    assert entity["population"] == {
        "type": "Property", "value": 120, "unitCode": "IE", "observedAt": midnight,
    }  # fmt: skip
    assert "malePopulation" not in entity
    assert "「男性」の 1 件は 数 でないので、載せていません。" in made.notes
    assert entity["dateObserved"]["value"] == {"@type": "DateTime", "@value": midnight}


def test_observations_in_v2_say_when():
    [entity], _ = write(
        "population", NGSI_V2, 地域名=["本町"], 調査年月日=["2026-04-01"], 総人口=[120]
    )
    metadata = entity["population"]["metadata"]
    assert metadata["TimeInstant"] == {"type": "DateTime", "value": "2026-03-31T15:00:00.000Z"}
    assert metadata["unitCode"]["value"] == "IE"


def test_names_an_area_by_its_code_or_else_its_name_and_the_day():
    found, _ = write(
        "population", NGSI_LD, 地域コード=["27299900100", None], 地域名=["本町", "南町"],
        調査年月日=["2026-04-01", "2026-04-01"],
    )  # fmt: skip
    assert [entity["id"].rpartition("population:")[2] for entity in found] == [
        "27299900100:2026-04-01",
        "%E5%8D%97%E7%94%BA:2026-04-01",
    ]


def test_tells_which_rows_are_no_entity():
    found, notes = write(
        "aed",
        NGSI_LD,
        ID=["1", "2", "2", None, "x" * 300],
        名称=["a", "b", "c", "d", "e"],
    )
    assert [entity["id"][-1] for entity in found] == ["1"]
    assert "ID が空の 1 行は、エンティティにしていません。" in notes
    assert "ID が重なっているか長すぎる 3 行は、エンティティにしていません。" in notes


def test_tells_which_cells_are_left_out_without_their_values():
    found, notes = write(
        "evacuation_space", NGSI_LD, ID=["1", "2", "3"], 名称=["a", "b", "c"],
        緯度=["135.4", "34.7", "34.7"], 経度=["34.7", None, "135.4"],
        災害種別_洪水=["1", None, "ひみつ"], URL=["なし", "http://a.jp/", "https://a.jp/ b"],
    )  # fmt: skip
    assert [entity.get("forFlood", {}).get("value") for entity in found] == [True, False, None]
    assert ["location" in entity for entity in found] == [False, False, True]
    joined = "\n".join(notes)
    assert "緯度・経度がそろっていないか、度でない 2 行には、位置がありません。" in joined
    assert "「災害種別_洪水」の 1 件は 1 か空白 でない" in joined
    assert "「URL」の 1 件は http(s) の URL でない" in joined
    assert "ひみつ" not in joined


def test_writes_moments_in_utc_only_where_the_time_is_known():
    found, _ = write(
        "event", NGSI_LD, ID=["1", "2"], イベント名=["祭", "市"],
        開始日=["2026-04-01", "2026-04-01"], 開始時間=["08:30", None],
        終了日=["2026-04-01", "2026-04-02"], 終了時間=["24:00", None], キーワード=["祭; 市 ;", None],
    )  # fmt: skip
    first, second = found
    assert first["startDate"]["value"]["@value"] == "2026-03-31T23:30:00.000Z"
    assert first["endDate"]["value"]["@value"] == "2026-04-01T15:00:00.000Z"
    assert first["keywords"]["value"] == ["祭", "市"]
    assert "startDate" not in second
    assert second["endDay"]["value"] == {"@type": "Date", "@value": "2026-04-02"}


def test_the_pattern_finds_the_ids_of_one_release():
    pattern = re.compile(id_pattern("aed", "PointOfInterest"))
    assert pattern.match("urn:ngsi-ld:PointOfInterest:272999:aed:1")
    assert not pattern.match("urn:ngsi-ld:PointOfInterest:272999:aed2:1")
    assert not set(pattern.pattern) & set(FORBIDDEN)

import csv
import os
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property
from transforms.addresses.address import address, city_address, finish, read_carefully
from transforms.addresses.numerals import write_kanji
from transforms.addresses.rules import RULES
from transforms.addresses.town_lists import read_towns
from transforms.addresses.usual import read_usual

HERE = Path(__file__).parent
TOWNS = read_towns("272035")
PARTS = ("town", "block", "number", "building", "room", "level", "verdict")


def read(texts, towns=TOWNS):
    frame = pl.DataFrame({"raw": texts}, schema={"raw": pl.String})
    judged = frame.lazy().select(address(pl.col("raw"), towns=towns)).collect(engine="streaming")
    return judged["raw"].to_list()


def table(name):
    lines = (HERE / name).read_text("utf-8").splitlines()
    return [tuple(line.split("|")) for line in lines]


def test_hard_addresses_are_read_into_their_parts():
    rows = table("hard.csv")[1:]
    found = read([row[0] for row in rows])
    assert [
        (row[0], *(got[part] or "" for part in PARTS)) for row, got in zip(rows, found, strict=True)
    ] == rows


def test_what_does_not_exist_is_refused():
    texts = [text for (text,) in table("missing.csv")]
    assert [
        t for t, got in zip(texts, read(texts), strict=True) if got["verdict"] != "refused"
    ] == []


def test_other_cities_are_outside_with_prefecture_and_city():
    rows = table("outside.csv")
    found = read([row[0] for row in rows])
    assert [
        (r[0], g["pref"] or "", g["city"] or "") for r, g in zip(rows, found, strict=True)
    ] == rows
    assert {(g["level"], g["rule"], g["verdict"], g["town"]) for g in found} == {
        ("outside", "address.outside", "uncertain", None)
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("中桜塚3丁目のぞみハイツ", "大阪府豊中市中桜塚三丁目 のぞみハイツ"),
        ("中桜塚3-1-1豊中タワー203", "大阪府豊中市中桜塚三丁目1-1 豊中タワー203"),
        ("中桜塚3-1-1室町ビル", "大阪府豊中市中桜塚三丁目1-1 室町ビル"),
        ("中桜塚3-1-1 3号棟", "大阪府豊中市中桜塚三丁目1-1 3号棟"),
        ("中桜塚3-1-1 ﾌﾞﾗﾝ髙﨑", "大阪府豊中市中桜塚三丁目1-1 ﾌﾞﾗﾝ髙﨑"),
        ("中桜塚3丁目1番 403", None),
        ("中桜塚3-1-1(旧南桜塚2-1)", None),
    ],
)
def test_a_building_keeps_its_letters(text, value):
    assert read([text])[0]["value"] == value


def test_the_town_gives_postal_code_and_place():
    got = read(["〒561-8501 中桜塚3-1-1"])[0]
    assert (got["postal_code"], got["lat"], got["lon"]) == ("5610881", 34.780725, 135.470725)
    contradiction = read(["〒560-0021 中桜塚3-1-1"])[0]
    assert contradiction["rule"] == "address.postal_contradiction"
    assert (contradiction["value"], contradiction["postal_code"]) == (None, "5610881")


def test_a_register_of_numbers_is_asked(tmp_path):
    register = tmp_path / "numbers.csv"
    register.write_text("town,block,number,lat,lon\n中桜塚三丁目,1,1,34.7811,135.4701\n", "utf-8")
    towns = read_towns("272035", residences=register)
    known, unknown, short = read(["中桜塚3-1-1", "中桜塚3-1-2", "中桜塚3-1"], towns)
    assert (known["verdict"], known["lat"]) == ("ok", 34.7811)
    assert (unknown["rule"], unknown["value"]) == ("address.number_unknown", None)
    assert short["verdict"] == "ok"


def test_a_city_known_by_postal_codes_alone_never_confirms_a_chome():
    got = read(["吹田市江坂町1-23-43", "吹田市架空町1-1", "豊中市本町1-1"], read_towns("27205"))
    assert [row["rule"] for row in got] == [
        "address.chome_unverified",
        "address.no_town",
        "address.outside",
    ]
    assert read(["江坂町123-4-5"], read_towns("27205"))[0]["rule"] == "address.chome_unclear"
    assert got[0]["town"] == "江坂町一丁目"
    assert got[0]["value"] is None


def test_an_unknown_city_is_an_error():
    with pytest.raises(ValueError, match="団体コード"):
        city_address(pl.col("raw"), "999999")


digits = st.integers(1, 9999)
SPELLINGS = [
    lambda chome, block, number: f"{chome}-{block}-{number}",
    lambda chome, block, number: f"{chome}－{block}ー{number}",
    lambda chome, block, number: f"{chome}の{block}の{number}",
    lambda chome, block, number: f"{chome}丁目{block}番{number}号",
    lambda chome, block, number: f"{write_kanji(chome)}丁目{block}番地の{number}",
    lambda chome, block, number: f" {chome} 丁目 {block} 番 {number} 号",
]
WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")


@column_property
@given(
    st.sampled_from(TOWNS.towns.filter(pl.col("chome").is_not_null()).rows(named=True)),
    st.sampled_from(SPELLINGS),
    digits,
    digits,
    st.sampled_from(["", "豊中市", "大阪府豊中市", "大阪府 豊中市 "]),
)
def test_every_spelling_of_a_town_and_numbers_says_the_same(town, spell, block, number, front):
    text = front + town["town"] + spell(town["chome"], block, number)
    for got in read([text, text.translate(WIDE)]):
        assert (got["town"], got["block"], got["number"]) == (town["name"], str(block), str(number))
        assert (got["verdict"], got["postal_code"]) == ("ok", town["postal_code"])


PIECES = [
    *(
        "大阪府",
        "豊中市",
        "吹田市",
        "〒560-0021",
        "中桜塚",
        "岡町",
        "北",
        "本町",
        "三国",
        "蛍池中町",
        "字",
    ),
    *(
        "1",
        "3",
        "203",
        "０１",
        "一",
        "二十三",
        "丁目",
        "番",
        "番地",
        "号",
        "号室",
        "の",
        "-",
        "ー",
        "~",
    ),
    *(" ", "　", "、", "(", ")", "ハイツ", "ﾊｲﾂ", "方", "棟", "付近", "先", "\n", "ﾞ", "\x00", "町"),
]
texts = st.lists(
    st.lists(st.sampled_from(PIECES), max_size=9).map("".join) | st.text(max_size=12), max_size=30
)


# What a spelling said of itself is not said again of the value.
SAID_BEFORE = {"rule": "", "verdict": "", "reason": ""}


@column_property
@given(texts)
def test_any_text_is_judged_and_a_value_is_read_the_same_again(raw):
    first = read([*raw, None])
    names = set(TOWNS.towns["name"])
    assert all(row["verdict"] == RULES[row["rule"]].verdict for row in first)
    assert all(row["town"] in names for row in first if row["town"])
    values = [row["value"] for row in first if row["value"] is not None]
    again = read(values)
    assert [{**row, **SAID_BEFORE} for row in again] == [
        {**row, **SAID_BEFORE} for row in first if row["value"] is not None
    ]
    assert all(row["rule"] == "address.plain" for row in again)


@column_property
@given(texts)
def test_the_quick_reading_agrees_with_the_careful_one(raw):
    stripped = [text.strip() for text in raw]
    quick = read_usual(pl.Series("raw", [t for t in stripped if t], dtype=pl.String), TOWNS)
    quick = quick.filter("usual").drop("usual")
    careful = read_carefully(quick["raw"], TOWNS).select(quick.columns)
    assert finish(quick, TOWNS).to_list() == finish(careful, TOWNS).to_list()


def shelters():
    project = Path(__file__).parents[4]
    real = Path(os.environ.get("MACHIKANE_REAL_FILES", project.parent / "shared" / "real"))
    rows = []
    for name in ("evacuation", "emergency"):
        path = real / "toyonaka" / "shelters" / f"{name}_272035.csv"
        if not path.exists():
            pytest.skip("the files of the city are not here")
        with path.open(encoding="utf-8-sig") as opened:
            rows += list(csv.DictReader(opened))
    return rows


def test_shelters_lie_near_the_town_of_their_address():
    rows = shelters()
    found = read([row["住所"] for row in rows])
    unread = {row["住所"] for row, got in zip(rows, found, strict=True) if got["value"] is None}
    # These three name no town of the list: 東豊中町, 栗ケ丘町 and 熊野町 are meant.
    assert {text.removeprefix("大阪府豊中市") for text in unread} == {
        "東豊中5-3-1",
        "栗ケ丘1-1",
        "熊野田3-8-1",
    }
    far = [
        row["施設・場所名"]
        for row, got in zip(rows, found, strict=True)
        if got["lat"]
        and (
            abs(float(row["lat"]) - got["lat"]) > 0.01 or abs(float(row["lng"]) - got["lon"]) > 0.01
        )
    ]
    assert far == []

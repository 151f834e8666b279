"""The city's own published percentages, to the digit, as an analyst reads them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest

from pipelines.city.digital_files import GUIDE_COUNTS, ONLINE_COUNTS
from warehouse.analyst import connect

# 豊中市「とよなかデジタル・ガバメント戦略2.0」
ONLINE = {
    "図書館": "84.3", "文化・スポーツ施設": "88.5", "研修・講習": "76.9", "地方税": "59.0",
    "水道": "22.1", "粗大ごみ": "16.4", "犬の登録・死亡届": "19.1", "職員採用": "98.7",
    "入札参加": "28.5", "公文書開示": "1.2", "児童手当": "0.0", "介護保険負担割合証": "0.0",
}  # fmt: skip
GUIDE = {
    "転入": "5.1", "転出": "3.0", "結婚": "14.9", "出生": "11.6", "離婚": "33.7", "おくやみ": "17.8",
}  # fmt: skip


@pytest.fixture(scope="module")
def analyst(demo):
    with connect(demo.home.root) as con:
        yield con


def test_online_usage_is_what_the_city_published(analyst):
    rows = analyst.sql(
        "SELECT procedure_name, online_rate_pct FROM internal.mart.online_usage"
    ).fetchall()
    assert {name: f"{rate:.1f}" for name, rate in rows} == ONLINE
    assert all(rate == float(ONLINE[name]) for name, rate in rows)


def test_guide_usage_is_what_the_city_published(analyst):
    rows = analyst.sql(
        "SELECT life_event, guide_rate_pct FROM internal.mart.guide_usage"
    ).fetchall()
    assert {name: f"{rate:.1f}" for name, rate in rows} == GUIDE
    assert all(rate == float(GUIDE[name]) for name, rate in rows)


@pytest.mark.parametrize(("counts", "published"), [(ONLINE_COUNTS, ONLINE), (GUIDE_COUNTS, GUIDE)])
def test_the_published_figures_follow_from_the_counts(counts, published):
    tenth = Decimal("0.1")
    rates = {
        n: (Decimal(100) * part / whole).quantize(tenth, ROUND_HALF_UP) for n, part, whole in counts
    }
    assert {name: str(rate) for name, rate in rates.items()} == published


def test_counts_reach_the_analyst_unchanged(analyst):
    rows = analyst.sql(
        "SELECT procedure_name, online_count, total_count FROM internal.mart.online_usage"
    )
    assert sorted(rows.fetchall()) == sorted(ONLINE_COUNTS)

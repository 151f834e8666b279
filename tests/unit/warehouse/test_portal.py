"""The portal as a reader meets it: a made-up city, drawn whole, and an awkward one.

To look at the sample: `python -m tests.unit.warehouse.test_portal FOLDER` from the project's root.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import get_args
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.portal import wording
from warehouse.portal.build import TEMPLATES, build_portal, render_pages
from warehouse.portal.faults import PortalError, list_hrefs
from warehouse.portal.graph import HEADING_HEIGHT, NODE_HEIGHT, break_title, draw_lineage
from warehouse.portal.model import (
    Case,
    Catalogue,
    CheckResult,
    City,
    Dataset,
    DatasetColumn,
    Delivery,
    Layer,
    LineageNode,
    Link,
    Neighbour,
    Preview,
    Release,
    ReleaseColumn,
    ReleaseFile,
    ReleaseVersion,
    Run,
    Standard,
    Step,
    StepStatus,
)

AWKWARD = "<script>alert(1)</script><b>\"'&amp;</b>"
LONG = "きわめて長い名前の" * 30
VOID = {"meta", "link", "br", "img", "hr", "input"}


# --- A made-up city -------------------------------------------------------------------------


def sample_catalogue() -> Catalogue:
    """A made-up city with one of everything a reader may meet."""
    return Catalogue(
        city=City(
            name="はるみ市",
            publisher="はるみ市 企画部 デジタル推進課",
            contact="デジタル推進課 000-000-0000(平日 8時30分から17時15分)",
        ),
        generated_at="2026-05-01T06:12:00+09:00",
        run=sample_run(),
        releases=(
            sample_release(),
            population_release(),
            replace(
                sample_release(),
                slug="ev_chargers",
                title="電気自動車充電設備一覧",
                description="市が設置した電気自動車の充電設備の場所と仕様です。",
                state="承認待ち",
                standard=None,
                rows=18,
                version="v1",
                published_at=None,
                approved_by=None,
                versions=(),
            ),
            replace(
                sample_release(),
                slug="old_shelters",
                title="指定緊急避難場所一覧(旧様式)",
                description="様式の改定により取り下げました。新しい一覧をご利用ください。",
                state="取下げ",
                rows=None,
                period_label=None,
            ),
        ),
        datasets=sample_datasets(),
        cases=(
            Case(
                title="子育て支援拠点の配置と利用のしやすさ",
                question="拠点まで歩いて15分以内の世帯は、どの地区でどれだけ増えたか。",
                owner="企画部 政策課",
                href="cases/childcare_access.html",
                executed_at="2026-04-28T19:03:00+09:00",
            ),
            Case(
                title="がん検診の再勧奨はがきの効果",
                question="再勧奨のはがきは、受診率を上げたか。",
                owner="健康福祉部 健康増進課",
                href="cases/screening_letter.html",
                executed_at="2026-04-30T02:20:00+09:00",
            ),
        ),
        lineage=sample_lineage(),
    )


def sample_run() -> Run:
    """A run with every status, closed accounts and a step without one."""
    rows: list[tuple[str, str, str, StepStatus, tuple[int, int, int, int] | None, float]] = [
        ("住民基本台帳 月報の受付", "landing/resident_registry", "landing", "成功", None, 0.4),
        (
            "住民基本台帳 月報の整形",
            "common/resident_registry",
            "secure",
            "成功",
            (84213, 84190, 17, 6),
            12.4,
        ),
        (
            "住民基本台帳 月報の仮名化",
            "internal/resident_registry",
            "internal",
            "成功",
            (84190, 84190, 0, 0),
            3.1,
        ),
        ("公衆無線LANの整形", "common/public_wifi", "secure", "変更なし", None, 0.1),
        (
            "国勢調査 小地域の整形",
            "common/census_small_area",
            "secure",
            "見送り",
            (412, 405, 5, 2),
            1.9,
        ),
        ("町字別・年齢別人口の集計", "mart/population", "mart", "成功", None, 0.8),
        ("電気自動車充電設備の公開審査", "open/ev_chargers", "open", "失敗", (18, 18, 0, 0), 0.2),
    ]
    steps = tuple(
        Step(
            title=title,
            asset_key=key,
            zone=zone,
            status=status,
            rows_in=counts[0] if counts else None,
            rows_out=counts[1] if counts else None,
            rows_quarantined=counts[2] if counts else None,
            rows_set_aside=counts[3] if counts else None,
            seconds=seconds,
        )
        for title, key, zone, status, counts, seconds in rows
    )
    return Run(
        run_id="b1946ac9-2f0a-4a6e-8f0e-7d1f0c2a9b11",
        started="2026-04-30T21:05:09+00:00",
        seconds=185.2,
        steps=steps,
    )


def sample_release() -> Release:
    """An open release with three formats and two versions."""
    return Release(
        slug="public_wifi",
        title="公衆無線LANアクセスポイント一覧",
        description="市の施設などで無料で使える公衆無線LANの場所、提供エリア、問い合わせ先の一覧です。",
        standard=Standard(title="公衆無線LANアクセスポイント一覧", number=4, edition="正式版"),
        licence="クリエイティブ・コモンズ 表示 4.0 国際(CC BY 4.0)",
        contact="デジタル推進課 000-000-0000",
        frequency="yearly",
        state="公開中",
        version="v2",
        published_at="2026-04-30",
        prepared_by="デジタル推進課 データ係",
        approved_by="デジタル推進課長",
        period_label="2026年4月1日時点",
        rows=127,
        columns=(
            *(
                ReleaseColumn(name=n, required=True)
                for n in ("全国地方公共団体コード", "ID", "名称")
            ),
            *(
                ReleaseColumn(name=n, required=False)
                for n in ("名称_カナ", "所在地_連結表記", "緯度", "経度")
            ),
            ReleaseColumn(name="備考", required=None),
        ),
        protection=(
            "施設の情報だけを載せ、個人に関する列は使っていません。",
            "載せてよい列を名指しで定め、それ以外の列があれば公開を止めます。",
        ),
        caveats=("緯度・経度は世界測地系です。", "施設の休館日には使えないことがあります。"),
        files=tuple(
            ReleaseFile(
                name=f"public_wifi.{extension}",
                format=label,
                size_bytes=size,
                sha256=(extension.encode().hex() * 40)[:64],
                href=f"releases/files/public_wifi/v2/public_wifi.{extension}",
            )
            for extension, label, size in (
                ("csv", "CSV", 23_412),
                ("json", "JSON", 61_030),
                ("xlsx", "Excel", 1_310_720),
            )
        ),
        versions=(
            ReleaseVersion(
                version="v2",
                published_at="2026-04-30",
                rows=127,
                note="アクセスポイントを9か所追加しました。",
                links=(
                    Link(label="CSV", href="releases/files/public_wifi/v2/public_wifi.csv"),
                    Link(label="JSON", href="releases/files/public_wifi/v2/public_wifi.json"),
                ),
            ),
            ReleaseVersion(
                version="v1",
                published_at="2025-05-02",
                rows=118,
                note="はじめての公開です。",
                links=(Link(label="CSV", href="releases/files/public_wifi/v1/public_wifi.csv"),),
            ),
        ),
        preview=Preview(
            columns=("全国地方公共団体コード", "ID", "名称", "所在地_連結表記", "緯度", "経度"),
            rows=tuple(
                (
                    "999999",
                    f"{n:04}",
                    f"はるみ第{n}公民館",
                    f"はるみ市中央{n}丁目1-1",
                    f"35.{n:04}",
                    f"139.{n:04}",
                )
                for n in range(1, 13)
            ),
        ),
        lineage=(
            Neighbour(
                title="公衆無線LAN設置台帳", kind="業務データ", href="datasets/public_wifi.html"
            ),
            Neighbour(title="町字マスター", kind="参照データ"),
        ),
        quality_href="quality/public_wifi/index.html",
    )


def population_release() -> Release:
    """An open release that needed protection."""
    return replace(
        sample_release(),
        slug="population",
        title="地域・年齢別人口",
        description="町字ごとの人口を、男女別・5歳階級別に集計した統計表です。",
        standard=Standard(title="地域・年齢別人口", number=12, edition="正式版"),
        frequency="monthly",
        rows=1_204,
        period_label="2026年3月末",
        protection=(
            "人口の少ない町字は、となりの町字とまとめています。",
            "各欄の人数は3の倍数に確率的に丸め、合計は丸めた値から計算し直しています。",
            "氏名・番号・生年月日は、この表を作る前の段階で取り除いています。",
        ),
        caveats=("丸めのため、ほかの統計表の合計と一致しないことがあります。",),
        preview=None,
        files=sample_release().files[:1],
        lineage=(
            Neighbour(
                title="住民基本台帳 月報", kind="業務データ", href="datasets/resident_registry.html"
            ),
        ),
    )


def sample_datasets() -> tuple[Dataset, ...]:
    """One personal dataset with a long history, one open, one that never came."""
    registry = Dataset(
        name="resident_registry",
        title="住民基本台帳 月報",
        description="月末時点の住民の住所・生年月・性別です。人口統計と政策の検証に使います。",
        department="市民部 市民課",
        owner="市民課長",
        contact="市民課 000-000-0001",
        legal_basis="住民基本台帳法 第1条、個人情報の保護に関する法律 第69条第2項第2号",
        frequency="monthly",
        retention="5年(文書管理規程 別表第1)",
        columns=(
            DatasetColumn(
                name="resident_number",
                title="宛名番号",
                type="digits",
                classification="個人",
                role="identifier",
                required=True,
                sources=("宛名番号", "世帯・個人/宛名番号"),
            ),
            DatasetColumn(
                name="full_name",
                title="氏名",
                type="name",
                classification="個人",
                role="direct_identifier",
                required=True,
                sources=("氏名",),
            ),
            DatasetColumn(
                name="my_number",
                title="個人番号",
                type="digits",
                classification="特定個人",
                role="direct_identifier",
                sources=("個人番号",),
            ),
            DatasetColumn(
                name="birth_date",
                title="生年月日",
                type="date",
                classification="個人",
                role="quasi_identifier",
                required=True,
                sources=("生年月日",),
            ),
            DatasetColumn(
                name="town",
                title="町字",
                type="town",
                classification="庁内",
                required=True,
                sources=("町名",),
            ),
            DatasetColumn(
                name="floor_area_m2",
                title="住戸面積",
                type="decimal",
                unit="m²",
                classification="公開",
                sources=("面積(㎡)",),
            ),
        ),
        deliveries=(
            Delivery(
                period="2026-04",
                file_name="juki_202604.csv",
                received_at="2026-04-30T20:58:00+09:00",
                size_bytes=9_612_044,
                sha256="3f1c" * 16,
                state="取込済",
                rows=84190,
                rows_quarantined=17,
                rows_set_aside=6,
                message="17行を隔離しました。「生年月日」の形が決まりと違います。",
            ),
            Delivery(
                period="2026-03",
                file_name="juki_202603_再送.csv",
                received_at="2026-04-03T10:00:00+09:00",
                size_bytes=9_600_000,
                sha256="aa01" * 16,
                state="差替え済",
                rows=84201,
                rows_quarantined=0,
                rows_set_aside=6,
            ),
            Delivery(
                period="2026-03",
                file_name="juki_202603.csv",
                received_at="2026-04-02T09:30:00+09:00",
                size_bytes=12,
                sha256="bb02" * 16,
                state="拒否",
                message="見出しがありません。市民課に出し直しを依頼してください。",
            ),
            *(
                Delivery(
                    period=f"2025-{month:02}",
                    file_name=f"juki_2025{month:02}.csv",
                    received_at=f"2025-{month:02}-28T09:30:00+09:00",
                    size_bytes=9_500_000 + month,
                    sha256=f"{month:04}" * 16,
                    state="取込済",
                    rows=84000 + month,
                    rows_quarantined=0,
                    rows_set_aside=6,
                )
                for month in range(12, 0, -1)
            ),
        ),
        missing_periods=("2026-01", "2026-02"),
        checks=(
            CheckResult(title="「宛名番号」は同じ期間に2度現れない", passed=True, severity="error"),
            CheckResult(title="「町字」が99%以上の行で埋まっている", passed=False, severity="warn"),
            CheckResult(title="行数が80,000から90,000の間にある", passed=None, severity="error"),
        ),
        quality_href="quality/resident_registry/index.html",
        downstream=(
            Neighbour(title="地域・年齢別人口", kind="公開", href="releases/population.html"),
            Neighbour(title="町字別・年齢別人口", kind="集計"),
        ),
    )
    wifi = replace(
        registry,
        name="public_wifi",
        title="公衆無線LAN設置台帳",
        description="市の施設に置いた公衆無線LANのアクセスポイントの台帳です。",
        department="企画部 デジタル推進課",
        owner="デジタル推進課長",
        contact="デジタル推進課 000-000-0000",
        legal_basis="はるみ市公衆無線LAN設置要綱",
        frequency="yearly",
        columns=registry.columns[4:],
        deliveries=(replace(registry.deliveries[0], period="2026", rows=127, rows_quarantined=0),),
        missing_periods=(),
        checks=registry.checks[:1],
        downstream=(
            Neighbour(
                title="公衆無線LANアクセスポイント一覧",
                kind="公開",
                href="releases/public_wifi.html",
            ),
        ),
    )
    census = replace(
        wifi,
        name="census_small_area",
        title="国勢調査 小地域集計",
        description="国勢調査の町丁・字等別の集計です。",
        department="企画部 政策課",
        deliveries=(),
        missing_periods=("2025",),
        checks=(),
        quality_href=None,
        downstream=(),
    )
    return registry, wifi, census


def sample_lineage() -> tuple[LineageNode, ...]:
    """Three chains that meet, with an edge that leaps over two layers."""
    titles = {
        "resident_registry": "住民基本台帳 月報",
        "public_wifi": "公衆無線LAN設置台帳",
        "census": "国勢調査 小地域集計",
    }
    pages = {"census": "census_small_area"}
    chains = [
        LineageNode(
            key=f"{layer}/{name}",
            title=title,
            layer=layer,
            upstream=() if before is None else (f"{before}/{name}",),
            href=f"datasets/{pages.get(name, name)}.html" if layer == "secure" else None,
        )
        for name, title in titles.items()
        for before, layer in ((None, "landing"), ("landing", "secure"), ("secure", "internal"))
    ]
    return (
        *chains,
        LineageNode(
            key="mart/population",
            title="町字別・年齢別人口",
            layer="mart",
            upstream=("internal/resident_registry", "internal/census"),
        ),
        LineageNode(
            key="mart/ageing",
            title="高齢化の見通し(町字別、10年先まで)",
            layer="mart",
            upstream=("mart/population",),
        ),
        LineageNode(
            key="open/population",
            title="地域・年齢別人口",
            layer="open",
            upstream=("mart/population",),
            href="releases/population.html",
        ),
        LineageNode(
            key="open/public_wifi",
            title="公衆無線LANアクセスポイント一覧",
            layer="open",
            upstream=("internal/public_wifi",),
            href="releases/public_wifi.html",
        ),
    )


def awkward_catalogue() -> Catalogue:
    """Markup in every text, names without a break, nothing in every list, all withdrawn."""
    bare = Release(
        slug="bare",
        title=AWKWARD,
        description=AWKWARD,
        licence=AWKWARD,
        contact=AWKWARD,
        frequency=AWKWARD,
        state="公開中",
        prepared_by=AWKWARD,
        files=(
            ReleaseFile(
                name=AWKWARD,
                format=AWKWARD,
                size_bytes=0,
                sha256="0" * 64,
                href="files/100% #1 ?.csv",
            ),
        ),
        preview=Preview(columns=(AWKWARD,), rows=((AWKWARD,),) * 12),
    )
    dataset = Dataset(
        name="bare",
        title=AWKWARD,
        description=LONG,
        department=AWKWARD,
        owner=AWKWARD,
        contact=AWKWARD,
        legal_basis=LONG,
        frequency="",
        retention=AWKWARD,
    )
    withdrawn = replace(sample_release(), slug="gone", title=LONG, state="取下げ")
    return Catalogue(
        city=City(name=AWKWARD, publisher=AWKWARD, contact=AWKWARD),
        generated_at=AWKWARD,
        releases=(bare, withdrawn),
        datasets=(dataset, replace(dataset, name="long", title="A" * 300)),
        cases=(
            Case(
                title=AWKWARD, question=LONG, owner="", href="cases/あ.html", executed_at="2026-02"
            ),
        ),
        lineage=(LineageNode(key="a", title=AWKWARD, layer="open"),),
    )


def empty_catalogue() -> Catalogue:
    """A city on its first day."""
    return Catalogue(
        city=City(name="市", publisher="課", contact="番号"), generated_at="2026-04-01"
    )


# --- Reading the pages ----------------------------------------------------------------------


class Page(HTMLParser):
    """What a browser would find in one page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.strays: list[str] = []
        self.words: dict[str, list[str]] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs), f"{tag} has an attribute twice"
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self.words.setdefault(tag, []).append("")

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.strays.append(tag)

    def handle_data(self, data):
        for tag in set(self.open):
            self.words[tag][-1] += data

    def values(self, attribute: str) -> list[str]:
        return [a[attribute] or "" for _, a in self.tags if attribute in a]

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.tags)


CATALOGUES = {
    "sample": sample_catalogue(),
    "awkward": awkward_catalogue(),
    "empty": empty_catalogue(),
}
PAGES = {
    (kind, name): Page(html)
    for kind, catalogue in CATALOGUES.items()
    for name, html in render_pages(catalogue).items()
}
NAMES = [f"{kind}-{name}" for kind, name in PAGES]
every_page = pytest.mark.parametrize("page", PAGES.values(), ids=NAMES)


@every_page
def test_page_is_well_formed_and_speaks_japanese(page):
    assert page.strays == []
    assert page.open == []
    assert ("html", {"lang": "ja"}) in page.tags
    identifiers = page.values("id")
    assert len(identifiers) == len(set(identifiers))
    named = [word for value in page.values("aria-labelledby") for word in value.split()]
    assert set(named) <= set(identifiers)


@every_page
def test_page_has_one_first_heading_and_skips_no_level(page):
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


@every_page
def test_page_runs_and_fetches_nothing(page):
    assert page.count("script") == page.count("iframe") == page.count("style") == 0
    assert page.values("style") == []
    assert not [name for _, a in page.tags for name in a if name.startswith("on")]
    references = [value for name in ("href", "src", "srcset") for value in page.values(name)]
    assert references
    assert not [value for value in references if urlsplit(value).scheme or value.startswith("/")]
    policy = next(a["content"] for _, a in page.tags if "http-equiv" in a)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(("place", "page"), PAGES.items(), ids=NAMES)
def test_every_link_leads_to_a_page_or_a_declared_file(place, page):
    kind, name = place
    declared = {normpath(href) for _, href in list_hrefs(CATALOGUES[kind])}
    assets = {"style.css", "icon.svg"}
    for href in page.values("href"):
        path, _, fragment = href.partition("#")
        target = normpath(join(dirname(name), unquote(path))) if path else name
        assert (kind, target) in PAGES or target in declared | assets
        if fragment:
            assert fragment in PAGES[kind, target].values("id")


@every_page
def test_every_table_has_a_caption_scopes_and_its_own_scrolling_box(page):
    assert page.count("table") == page.count("caption")
    assert all("scope" in a for tag, a in page.tags if tag == "th")
    boxes = [a for _, a in page.tags if "scroll" in (a.get("class") or "").split()]
    assert all(a["tabindex"] == "0" and a["role"] == "region" for a in boxes)
    assert len(boxes) == page.count("table") + page.count("svg")


@every_page
def test_first_link_skips_to_the_content(page):
    first = next(a for tag, a in page.tags if tag == "a")
    assert first["href"] == "#main"
    assert ("main", "main") in [(tag, a.get("id")) for tag, a in page.tags]


def test_style_sheet_fetches_nothing_from_elsewhere():
    css = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    assert not re.findall(r"url\(|@import|https?:", css)
    assert "prefers-color-scheme: dark" in css
    assert "@media print" in css


# --- Contrast (WCAG 2.2, success criteria 1.4.3 and 1.4.11) ------------------------------------


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def palettes() -> list[dict[str, str]]:
    css = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", css, flags=re.DOTALL)[:2]
    return [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block)) for block in blocks]


@pytest.mark.parametrize("palette", palettes(), ids=["light", "dark"])
def test_text_stands_out_from_every_ground_it_is_set_on(palette):
    grounds = {"page", "tint", "raised"}
    pairs = [(ink, ground) for ink in ("ink", "muted", "link", "link-hover") for ground in grounds]
    pairs += [(tone, ground) for tone in ("good", "warn", "bad", "calm") for ground in grounds]
    pairs += [(tone, f"{tone}-tint") for tone in ("good", "warn", "bad", "calm")]
    pairs += [("ink", "warn-tint"), ("ink", "bad-tint"), ("on-brand", "brand")]
    weak = {pair: contrast(palette[pair[0]], palette[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("palette", palettes(), ids=["light", "dark"])
def test_lines_that_carry_meaning_and_focus_stand_out(palette):
    pairs = [("strong-line", ground) for ground in ("page", "tint", "raised")]
    pairs += [("focus", ground) for ground in ("page", "tint", "raised")]
    # On the dark hero the yellow ring is what shows.
    shown = max(contrast(palette[c], palette["brand"]) for c in ("focus", "focus-ring"))
    assert shown >= 3
    assert all(contrast(palette[a], palette[b]) >= 3 for a, b in pairs)


# --- What the pages say ---------------------------------------------------------------------


def text_of(catalogue: Catalogue, name: str) -> str:
    return re.sub(r"\s+", " ", "".join(Page(render_pages(catalogue)[name]).words["main"]))


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
@settings(max_examples=25, deadline=None)
def test_any_title_is_shown_as_written(title):
    catalogue = replace(empty_catalogue(), releases=(replace(sample_release(), title=title),))
    page = Page(render_pages(catalogue)["releases/public_wifi.html"])
    assert page.words["h1"] == [title]
    assert page.count("h1") == 1


def test_markup_in_the_catalogue_is_text():
    page = PAGES["awkward", "releases/bare.html"]
    assert page.words["h1"] == [AWKWARD]
    assert page.words["td"].count(AWKWARD) == 10
    assert AWKWARD in PAGES["awkward", "lineage.html"].words["title"][1]


def test_awkward_file_names_are_encoded_in_links():
    page = PAGES["awkward", "releases/bare.html"]
    assert "../files/100%25%20%231%20%3F.csv" in page.values("href")


@pytest.mark.parametrize("state", ["承認待ち", "取下げ"])
def test_release_not_open_offers_neither_files_nor_rows(state):
    release = replace(sample_release(), state=state)
    catalogue = replace(empty_catalogue(), releases=(release,))
    for name in ("index.html", "releases/public_wifi.html"):
        page = Page(render_pages(catalogue)[name])
        assert page.values("download") == []
        assert not [href for href in page.values("href") if "/v2/" in href]
        assert "はるみ第1公民館" not in page.words["main"][0]
        assert state in page.words["main"][0]


def test_earlier_version_stays_open_while_the_next_awaits_approval_but_not_once_withdrawn():
    def links(state):
        release = replace(sample_release(), state=state)
        page = render_pages(replace(empty_catalogue(), releases=(release,)))
        hrefs = Page(page["releases/public_wifi.html"]).values("href")
        return [href.rsplit("/", 2)[1] for href in hrefs if "public_wifi/v" in href]

    assert set(links("公開中")) == {"v1", "v2"}
    assert set(links("承認待ち")) == {"v1"}
    assert set(links("取下げ")) == set()


def test_release_shows_ten_rows_at_most_and_the_whole_digest():
    text = text_of(sample_catalogue(), "releases/public_wifi.html")
    assert "はるみ第10公民館" in text
    assert "はるみ第11公民館" not in text
    assert sample_release().files[0].sha256 in text
    assert "22.9 KB" in text
    assert "2026年4月30日" in text


def test_dataset_page_tells_what_is_missing_and_what_failed():
    text = text_of(sample_catalogue(), "datasets/resident_registry.html")
    assert "2026年1月、2026年2月" in text
    assert "合格していない項目が1件" in text
    assert "個人 3列 特定個人 1列 庁内 1列 公開 1列" in text
    assert "それより前の3件" in text


def run_with(*counts: tuple[int | None, ...]) -> Catalogue:
    steps = tuple(
        Step(
            title=f"工程{n}",
            asset_key=f"k{n}",
            zone="secure",
            status="成功",
            rows_in=given_rows,
            rows_out=out,
            rows_quarantined=quarantined,
            rows_set_aside=aside,
        )
        for n, (given_rows, out, quarantined, aside) in enumerate(counts)
    )
    run = Run(run_id="r", started="2026-04-30T21:05:09Z", seconds=1, steps=steps)
    return replace(empty_catalogue(), run=run)


def test_accounts_that_close_are_marked():
    catalogue = run_with((10, 7, 2, 1), (5, 5, None, None), (None, 3, None, None))
    text = text_of(catalogue, "run.html")
    assert text.count("✓ 合う") == 2
    assert text.count("対象外") == 2  # the step and the glossary
    assert "合わない工程が1件" not in text
    assert "✕" not in text
    assert "すべて合う" in text_of(catalogue, "index.html")


def test_accounts_that_do_not_close_are_shouted():
    catalogue = run_with((10, 7, 2, 0), (5, 5, 1, 0))
    text = text_of(catalogue, "run.html")
    assert "✕ 1行不足" in text
    assert "✕ 1行超過" in text
    assert "合わない工程が2件" in text
    assert "2工程で合わない" in text_of(catalogue, "index.html")


@given(st.lists(st.integers(0, 10**9), min_size=3, max_size=3), st.integers(-5, 5))
def test_difference_is_exactly_what_is_lost(parts, lost):
    step = Step(
        title="",
        asset_key="",
        zone="",
        status="成功",
        rows_in=sum(parts) + lost,
        rows_out=parts[0],
        rows_quarantined=parts[1],
        rows_set_aside=parts[2],
    )
    assert step.difference == lost


# --- The output folder ----------------------------------------------------------------------


def test_portal_is_written_whole_with_the_index_last(tmp_path):
    written = build_portal(sample_catalogue(), tmp_path)
    assert written[-1] == tmp_path / "index.html"
    assert sorted(written) == sorted(p for p in tmp_path.rglob("*") if p.is_file())
    assert Counter(p.parent.name for p in written)["releases"] == 4
    assert b"\r" not in written[-1].read_bytes()


def test_same_catalogue_gives_the_same_bytes(tmp_path):
    first = [p.read_bytes() for p in build_portal(sample_catalogue(), tmp_path)]
    assert first == [p.read_bytes() for p in build_portal(sample_catalogue(), tmp_path)]


def test_stale_pages_go_and_what_is_not_the_portals_stays(tmp_path):
    build_portal(sample_catalogue(), tmp_path)
    foreign = [tmp_path / "releases/notes.html", tmp_path / "releases/files/public_wifi/v1/a.html"]
    for path in foreign:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("<p>人が置いた</p>", encoding="utf-8")
    kept = sample_release()
    build_portal(replace(sample_catalogue(), releases=(kept,), datasets=()), tmp_path)
    assert (tmp_path / "releases/public_wifi.html").exists()
    assert not (tmp_path / "releases/population.html").exists()
    assert list((tmp_path / "datasets").iterdir()) == []
    assert all(path.exists() for path in foreign)


def test_broken_write_leaves_the_old_index(tmp_path, monkeypatch):
    build_portal(empty_catalogue(), tmp_path)
    before = (tmp_path / "index.html").read_bytes()
    move = Path.replace

    def fail_at_run(part: Path, target: Path) -> Path:
        if target.name == "run.html":
            raise OSError("disk full")
        return move(part, target)

    monkeypatch.setattr(Path, "replace", fail_at_run)
    with pytest.raises(OSError, match="disk full"):
        build_portal(sample_catalogue(), tmp_path)
    assert (tmp_path / "index.html").read_bytes() == before
    monkeypatch.undo()
    build_portal(sample_catalogue(), tmp_path)
    assert list(tmp_path.rglob("*.part")) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"releases": (replace(sample_release(), slug="../index"),)}, "使えない文字"),
        (
            {"releases": (sample_release(), replace(sample_release(), slug="PUBLIC_WIFI"))},
            "同じ名前",
        ),
        (
            {"releases": (replace(sample_release(), quality_href="javascript:alert(1)"),)},
            "相対パス",
        ),
        ({"datasets": (replace(sample_datasets()[0], quality_href="//a.example/"),)}, "相対パス"),
        ({"cases": (replace(sample_catalogue().cases[0], href="https://a.example/"),)}, "相対パス"),
        ({"lineage": (LineageNode(key="a", title="", layer="mart", upstream=("b",)),)}, "b"),
        ({"lineage": (LineageNode(key="a", title="", layer="mart"),) * 2}, "同じキー"),
    ],
)
def test_catalogue_that_leads_astray_is_refused_before_anything_is_written(
    change, message, tmp_path
):
    with pytest.raises(PortalError, match=message) as caught:
        build_portal(replace(empty_catalogue(), **change), tmp_path)
    assert [line.split(":")[0].strip() for line in str(caught.value).splitlines()[1:]] == [
        "場所",
        "直し方",
    ]
    assert list(tmp_path.iterdir()) == []


# --- Wording --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KB"),
        (12_595, "12.3 KB"),
        (1_048_575, "1.0 MB"),
        (5 * 1024**3, "5.0 GB"),
        (3000 * 1024**4, "3,000.0 TB"),
    ],
)
def test_size_is_worded(size, words):
    assert wording.word_size(size) == words


@given(st.integers(0, 2**50))
def test_size_is_worded_to_one_part_in_ten(size):
    number, unit = wording.word_size(size).split()
    scale = 1024 ** ["B", "KB", "MB", "GB", "TB"].index(unit)
    assert abs(float(number.replace(",", "")) * scale - size) <= 0.0501 * scale


@pytest.mark.parametrize(
    ("moment", "as_date", "as_moment"),
    [
        ("2026-04-30", "2026年4月30日", "2026年4月30日"),
        ("2026", "2026年", "2026年"),
        ("2026-04", "2026年4月", "2026年4月"),
        ("2026-04-30T20:05:00+00:00", "2026年5月1日", "2026年5月1日 5:05"),
        ("2026-04-30T20:05:00Z", "2026年5月1日", "2026年5月1日 5:05"),
        ("2026-04-30T09:05", "2026年4月30日", "2026年4月30日 9:05"),
        ("2026-02-30", "2026-02-30", "2026-02-30"),
        ("0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00+23:59"),
        ("令和8年度", "令和8年度", "令和8年度"),
        (None, "—", "—"),
    ],
)
def test_dates_are_worded_in_japans_time(moment, as_date, as_moment):
    assert wording.word_date(moment) == as_date
    assert wording.word_moment(moment) == as_moment


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "—"),
        (0.44, "0.4秒"),
        (12, "12秒"),
        (59.96, "1分0秒"),
        (185.2, "3分5秒"),
        (7440, "2時間4分"),
    ],
)
def test_duration_is_worded(seconds, words):
    assert wording.word_duration(seconds) == words


# --- The lineage's drawing ------------------------------------------------------------------

LAYERS: tuple[Layer, ...] = get_args(Layer)


@st.composite
def graphs(draw):
    layers = draw(st.lists(st.sampled_from(LAYERS), max_size=14))
    keys = [f"n{i}" for i in range(len(layers))]
    return [
        LineageNode(
            key=key,
            title=key,
            layer=layer,
            upstream=tuple(draw(st.lists(st.sampled_from(keys), unique=True, max_size=4))),
        )
        for key, layer in zip(keys, layers, strict=True)
    ]


@given(graphs())
@settings(max_examples=60, deadline=None)
def test_boxes_stand_in_their_layers_column_without_overlap(nodes):
    drawing = draw_lineage(nodes)
    assert [box.node for box in drawing.boxes] == nodes
    lefts = dict(zip(LAYERS, (x for _, x in drawing.headings), strict=True))
    for layer in LAYERS:
        column = [box for box in drawing.boxes if box.node.layer == layer]
        assert all(box.x == lefts[layer] for box in column)
        tops = sorted(box.y for box in column)
        assert all(b - a > NODE_HEIGHT for a, b in pairwise(tops))
        assert all(0 < y <= drawing.height - NODE_HEIGHT for y in tops)
    assert len(drawing.curves) == sum(len(node.upstream) for node in nodes)


def test_every_layer_has_a_column_and_a_name():
    assert tuple(wording.LAYERS) == LAYERS


def test_lines_that_need_not_cross_do_not():
    tops = {box.node.key: box.y for box in draw_lineage(sample_lineage()).boxes}
    for left, right in pairwise(LAYERS[:3]):
        names = ("resident_registry", "public_wifi", "census")
        order = [
            sorted(names, key=lambda name, side=side: tops[f"{side}/{name}"])
            for side in (left, right)
        ]
        assert order[0] == order[1]


def test_drawing_is_no_taller_than_its_rows_need():
    row = NODE_HEIGHT + 18
    assert draw_lineage(sample_lineage()).height < HEADING_HEIGHT + 4 * row
    assert min(box.y for box in draw_lineage(sample_lineage()).boxes) == HEADING_HEIGHT


def test_simple_chains_are_straight():
    nodes = [
        LineageNode(
            key=f"{layer}{n}",
            title="",
            layer=layer,
            upstream=(f"{LAYERS[i - 1]}{n}",) if i else (),
        )
        for i, layer in enumerate(LAYERS)
        for n in (range(3) if i % 2 == 0 else reversed(range(3)))
    ]
    tops = {box.node.key: box.y for box in draw_lineage(nodes).boxes}
    assert all(len({tops[f"{layer}{n}"] for layer in LAYERS}) == 1 for n in range(3))


@given(st.text(max_size=60))
def test_title_is_broken_without_losing_or_marked_as_cut(title):
    lines = break_title(title)
    assert len(lines) <= 2
    joined = "".join(lines)
    assert joined == title or (joined[-1] == "…" and title.startswith(joined[:-1]))


if __name__ == "__main__":
    build_portal(sample_catalogue(), Path(sys.argv[1]))

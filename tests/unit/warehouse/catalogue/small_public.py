"""A public folder with three datasets in the national layouts: two open, one of them twice, one gone."""

import hashlib
from dataclasses import replace

import polars as pl

from assets.register import BUILT_IN
from assets.release import City, Release
from assets.standard import Standard
from assets.strict_yaml import load_yaml
from tests.unit.warehouse.publishing import NONE
from warehouse.catalogue.entries import (
    FORMATS,
    Entry,
    PublicCatalogue,
    PublicFile,
    PublicVersion,
    Tombstone,
)
from warehouse.formats.definition import write_documents
from warehouse.formats.typed import type_columns
from warehouse.formats.write import write_formats

SITE = "https://opendata.city.example.jp/"
SECRETS = ("作成ひそか係", "承認ひそか課長", "common.hisoka_master")
CITY = City(
    name="はるみ市",
    prefecture="大阪府",
    local_government_code="272999",
    publisher="はるみ市",
    contact="デジタル課",
    open_data_url=SITE,
    bounds=(34.73, 135.44, 34.825, 135.509),
)
CODE = "272999"
PLACES = [
    {
        "全国地方公共団体コード": CODE, "ID": "001", "名称": "中央図書館", "所在地_連結表記": "大阪府はるみ市本町1-1",
        "緯度": "34.781000", "経度": "135.469000", "郵便番号": "0600001", "開始時間": "09:00",
        "車椅子可": "可", "URL": "https://www.city.example.jp/lib", "説明": "「絵本」, 点字あり",
    },
    {
        "全国地方公共団体コード": CODE, "ID": "010", "名称": "=公民館", "所在地_連結表記": "大阪府はるみ市南町2",
        "緯度": "34.790100", "経度": "135.470000", "開始時間": "24:00", "車椅子可": "否",
    },
    {"全国地方公共団体コード": CODE, "ID": "011", "名称": "広場", "所在地_連結表記": "大阪府はるみ市北町3"},
]  # fmt: skip
TOWNS = [
    {"全国地方公共団体コード": CODE, "調査年月日": "2026-04-01", "地域名": "本町", "総人口": 250, "男性": 120, "女性": 130},
    {"全国地方公共団体コード": CODE, "調査年月日": "2026-04-01", "地域名": "南町", "総人口": 120, "男性": 61, "女性": 59},
]  # fmt: skip


def layout(slug):
    path = BUILT_IN / "standards" / f"{slug}.yaml"
    return Standard.model_validate(load_yaml(path.read_text("utf-8")))


def declare(name, **spec):
    return Release.model_validate(
        {
            "title": name, "title_en": name, "description": f"{name}の表。", "description_en": f"Table of {name}.",
            "standard": name, "sources": [SECRETS[2]], "licence": "CC BY 4.0", "contact": "施設課",
            "frequency": "yearly", "theme": "REGI", "keywords": ["施設", "まち"],
            "prepared_by": SECRETS[0], "approvers": [SECRETS[1]], "protection": NONE,
            "caveats": ["数は目安です。"], **spec,
        }
    )  # fmt: skip


def put_version(public, name, standard, rows, number, *, bom=True, xlsx=True, **about):
    """Write a version's files and describe it."""
    names = [column.name for column in standard.columns]
    table = pl.DataFrame([{n: row.get(n) for n in names} for row in rows], infer_schema_length=None)
    table = table.with_columns(pl.col(pl.Null).cast(pl.String))
    folder = public / "datasets" / name / f"v{number}"
    folder.mkdir(parents=True)
    stem = f"{CODE}_{standard.slug}"
    written = write_formats(table, standard, folder, stem, bom=bom, xlsx=xlsx)
    written += write_documents(type_columns(table, standard), standard, folder, stem, bom=bom)
    files = [_file(path, f"datasets/{name}/v{number}/{path.name}") for path in written]
    version = PublicVersion(
        name=f"v{number}",
        number=number,
        rows=table.height,
        files=tuple(files),
        published_at=f"2026-0{number + 3}-01T15:30:00+00:00",
        note="初めて公開した。",
        period="2026-04-01",
        protection=("秘匿処理はしていません。",),
    )
    return replace(version, **about)


def _file(path, public_path):
    content = path.read_bytes()
    form, media_type = FORMATS[path.suffix.removeprefix(".")]
    return PublicFile(
        name=path.name,
        format=form,
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        path=public_path,
    )


def make_public(public):
    """Put files into a public folder and say what is there."""
    facility, population = layout("public_facility"), layout("population")
    entries = (
        Entry(
            name="public_facility",
            spec=declare("public_facility", title="公共施設一覧", title_en="Public facilities"),
            standard=facility,
            versions=(put_version(public, "public_facility", facility, PLACES, 1, period="2026"),),
        ),
        Entry(
            name="population",
            spec=declare("population", title="地域・年齢別人口", frequency="monthly", theme="SOCI"),
            standard=population,
            versions=(
                put_version(public, "population", population, TOWNS, 1, bom=False, xlsx=False),
                put_version(
                    public, "population", population, TOWNS[:1], 2, note="南町を直した。", period="2026-05"
                ),
            ),
        ),
        Entry(
            name="aed",
            spec=declare("aed", title="AED設置箇所一覧"),
            standard=layout("aed"),
            withdrawn=Tombstone(
                withdrawn_at="2026-07-01T00:00:00+00:00",
                reason="場所に誤りがあったため。",
                contact="危機管理課",
                digests=(("v1/272999_aed.csv", "ab" * 32),),
            ),
        ),
    )  # fmt: skip
    return PublicCatalogue(
        city=CITY, site_url=SITE, entries=entries, list_layout=layout("open_data_list")
    )


def write_files(public, files):
    """Put rendered files where they belong."""
    for path, content in files.items():
        target = public / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

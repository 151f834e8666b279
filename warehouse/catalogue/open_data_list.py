"""Standard dataset 06 オープンデータ一覧 of ourselves: one row a file, in the layout's own columns.

Belongs here: which value stands in which column. Must not hold: the layout
(`assets/standards/open_data_list.yaml`). What nobody has said (telephone, mail, ユニバーサルメニュー)
stays blank.

Rules: the newest version's files are listed. A withdrawn dataset keeps one row without a file, with
status 配信停止中, when and why. The list does not list itself, because its own size cannot stand in it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl

from assets.themes import THEMES
from warehouse.catalogue.entries import LIST_LAYOUT
from warehouse.catalogue.facts import BOM
from warehouse.catalogue.times import day_in_japan, first_and_last_day
from warehouse.catalogue.vocabulary import FREQUENCIES, LICENCES, OFFERED, STOPPED

if TYPE_CHECKING:
    from assets.standard import Standard
    from warehouse.catalogue.entries import Entry, PublicCatalogue, PublicFile, PublicVersion

SLUG = LIST_LAYOUT
DATASET, FILE = "データセット_", "ファイル_"


def list_files(catalogue: PublicCatalogue, layout: Standard) -> pl.DataFrame:
    """Make the table, all text, blank where there is nothing to say."""
    rows = [row for entry in catalogue.entries for row in _rows(catalogue, entry)]
    names = [column.name for column in layout.columns]
    laid_out = [{name: row.get(name) or None for name in names} for row in rows]
    return pl.DataFrame(laid_out, schema=dict.fromkeys(names, pl.String))


def stem_of(catalogue: PublicCatalogue) -> str:
    """Name the list's files, without their suffix."""
    return f"{catalogue.city.local_government_code}_{SLUG}"


def write_list(catalogue: PublicCatalogue, layout: Standard) -> dict[str, bytes]:
    """Write the list as CSV (UTF-8 with byte order mark, CRLF) and JSON."""
    table, stem = list_files(catalogue, layout), stem_of(catalogue)
    rows = json.dumps(table.to_dicts(), ensure_ascii=False, indent=1)
    return {
        f"{stem}.csv": BOM + table.write_csv(line_terminator="\r\n").encode("utf-8"),
        f"{stem}.json": f"{rows}\n".encode(),
    }


def covered_days(period: str) -> str:
    """Write a period as DCAT-GOJ does, `YYYY-MM-DD/YYYY-MM-DD`; a year stays a year."""
    days = first_and_last_day(period)
    return "/".join(days) if days else period


def _rows(catalogue: PublicCatalogue, entry: Entry) -> list[dict[str, str]]:
    about = _about(catalogue, entry)
    if entry.latest is None:
        return [{**about, **_withdrawn(entry)}]
    return [{**about, **_file(catalogue, entry, entry.latest, file)} for file in entry.latest.files]


def _about(catalogue: PublicCatalogue, entry: Entry) -> dict[str, str]:
    city, spec, latest = catalogue.city, entry.spec, entry.latest
    about = {
        "ID": entry.name,
        "タイトル": spec.title,
        "概要": spec.description,
        "キーワード": ";".join(spec.keywords),
        "分類": THEMES[spec.theme][0],
        "言語": "ja",
        "URL": _address(catalogue, entry.page),
        "更新頻度": FREQUENCIES[spec.frequency][1],
        "準拠する標準": entry.standard.label,
        "来歴情報": entry.standard.credit,
        "対象地域": city.prefecture + city.name,
        "連絡先名称": spec.contact,
        "備考": "".join(spec.caveats),
    }
    if latest:
        about |= {
            "公開日": day_in_japan(entry.first_published_at),
            "最終更新日": day_in_japan(latest.published_at),
            "バージョン": str(latest.number),
            "対象期間": covered_days(latest.period),
        }
    return {
        "全国地方公共団体コード": city.local_government_code,
        "地方公共団体名": city.prefecture + city.name,
        **{DATASET + name: value for name, value in about.items()},
        "API対応有無": "無",
    }


def _withdrawn(entry: Entry) -> dict[str, str]:
    gone = entry.withdrawn
    return {
        f"{DATASET}最終更新日": day_in_japan(gone.withdrawn_at) if gone else "",
        f"{DATASET}備考": f"公開を取り下げました。{gone.reason}" if gone else "",
        f"{DATASET}連絡先名称": gone.contact if gone else entry.spec.contact,
        f"{FILE}ステータス": STOPPED,
    }


def _file(
    catalogue: PublicCatalogue, entry: Entry, version: PublicVersion, file: PublicFile
) -> dict[str, str]:
    licence = LICENCES[entry.spec.licence]
    about = {
        "タイトル": f"{entry.spec.title}({file.label})",
        "アクセスURL": _address(catalogue, entry.page),
        "ダウンロードURL": _address(catalogue, f"datasets/{entry.name}/latest/{file.name}"),
        "説明": f"{entry.standard.title}の{version.rows}行。{version.note}",
        "ライセンス": entry.spec.licence,
        "ステータス": OFFERED,
        "サイズ": str(file.size),
        "公開日": day_in_japan(version.published_at),
        "最終更新日": day_in_japan(version.published_at),
        "利用規約": licence.url,
        "関連ドキュメント": _address(
            catalogue, f"datasets/{entry.name}/{version.name}/datapackage.json"
        ),
        "言語": "ja",
        "準拠する標準": entry.standard.label,
    }
    return {**{FILE + name: value for name, value in about.items()}, "ファイル形式": file.format}


def _address(catalogue: PublicCatalogue, path: str) -> str:
    return f"{catalogue.site_url}{path}" if catalogue.site_url else ""

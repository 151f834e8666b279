"""DCAT-GOJ: the Japanese catalogue fields of every dataset and file, as JSON.

Belongs here: the fields under their Japanese names. Must not hold: DCAT in RDF (`dcat`). Fields that
nobody has said anything about are left out; withdrawn datasets stay with 配信停止中.

Source: デジタル庁 GIF 452-1 / DS-469, データセット メタデータ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assets.themes import THEMES
from warehouse.catalogue.open_data_list import covered_days
from warehouse.catalogue.times import day_in_japan
from warehouse.catalogue.vocabulary import FREQUENCIES, LICENCES, OFFERED, STOPPED

if TYPE_CHECKING:
    from warehouse.catalogue.entries import Entry, PublicCatalogue, PublicFile, PublicVersion

NAME = "dcat_goj.json"


def describe_catalogue(catalogue: PublicCatalogue) -> dict[str, Any]:
    """Describe all datasets, also those withdrawn."""
    return {
        "タイトル": f"{catalogue.city.name} オープンデータ",
        "提供者": catalogue.city.publisher,
        "最終更新日": day_in_japan(catalogue.updated_at),
        "データセット": [_dataset(catalogue, entry) for entry in catalogue.entries],
    }


def _dataset(catalogue: PublicCatalogue, entry: Entry) -> dict[str, Any]:
    city, spec, latest = catalogue.city, entry.spec, entry.latest
    described: dict[str, Any] = {
        "管理ID": entry.name,
        "タイトル": spec.title,
        "説明": spec.description,
        "キーワード": list(spec.keywords),
        "対象地域": city.prefecture + city.name,
        "分類": THEMES[spec.theme][0],
        "提供者": city.publisher,
        "連絡先情報": entry.withdrawn.contact if entry.withdrawn else spec.contact,
        "来歴情報": entry.standard.credit,
        "更新頻度": FREQUENCIES[spec.frequency][1],
        "言語": "ja",
        "ライセンス": spec.licence,
        "公開範囲": "公開",
        "準拠する標準": entry.standard.label,
    }
    if catalogue.site_url:
        described["ランディングページ"] = f"{catalogue.site_url}{entry.page}"
    if latest is None:
        return described | _stopped(entry)
    return described | {
        "バージョン": str(latest.number),
        "対象期間": covered_days(latest.period),
        "公開日": day_in_japan(entry.first_published_at),
        "最終更新日": day_in_japan(latest.published_at),
        "品質評価": "".join([*latest.protection, *spec.caveats]),
        "ステータス": OFFERED,
        "関連ドキュメント": [f"{catalogue.site_url or ''}{file.path}" for file in latest.documents],
        "配信": [_distribution(catalogue, entry, latest, file) for file in latest.data],
    }


def _stopped(entry: Entry) -> dict[str, Any]:
    gone = entry.withdrawn
    if gone is None:
        return {"ステータス": STOPPED, "配信": []}
    return {
        "ステータス": STOPPED,
        "最終更新日": day_in_japan(gone.withdrawn_at),
        "公開条件": f"公開を取り下げました。{gone.reason}",
        "配信": [],
    }


def _distribution(
    catalogue: PublicCatalogue, entry: Entry, version: PublicVersion, file: PublicFile
) -> dict[str, Any]:
    site = catalogue.site_url or ""
    return {
        "タイトル": f"{entry.spec.title}({file.label})",
        "説明": f"{entry.standard.title}の{version.rows}行。{version.note}",
        "バイトサイズ": file.size,
        "SHA-256": file.sha256,
        "メディアタイプ": file.media_type,
        "公開日": day_in_japan(version.published_at),
        "最終更新日": day_in_japan(version.published_at),
        "ステータス": OFFERED,
        "言語": "ja",
        "ライセンス": entry.spec.licence,
        "利用規約": LICENCES[entry.spec.licence].url,
        "準拠する標準": entry.standard.label,
        "アクセスURL": f"{site}{entry.page}",
        "ダウンロードURL": f"{site}{file.path}",
    }

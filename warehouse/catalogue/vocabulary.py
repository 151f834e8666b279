"""The words catalogues share: frequencies, licences, file types, as IRIs, codes and Japanese.

Belongs here: constants with their sources. Must not hold: themes (`assets.themes`) nor anything of
one dataset.

Sources: the EU vocabularies that DCAT-AP 3.0.1 requires (chapter Controlled Vocabularies), SPDX
licence names, DCAT-GOJ (GIF 452-1) for the words of status and publicity.
"""

from __future__ import annotations

from dataclasses import dataclass

AUTHORITY = "http://publications.europa.eu/resource/authority/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"

# Frequency of a release to the EU code, the Japanese and the English word.
FREQUENCIES: dict[str, tuple[str, str, str]] = {
    "daily": ("DAILY", "毎日", "daily"),
    "weekly": ("WEEKLY", "毎週", "weekly"),
    "monthly": ("MONTHLY", "毎月", "monthly"),
    "yearly": ("ANNUAL", "毎年", "annual"),
    "irregular": ("IRREG", "不定期", "irregular"),
}

# Format as `entries.FORMATS` names it to the EU file type.
FILE_TYPES = {
    "CSV": "CSV",
    "JSON": "JSON",
    "GeoJSON": "GEOJSON",
    "Parquet": "PARQUET",
    "XLSX": "XLSX",
}

OFFERED, STOPPED = "配信中", "配信停止中"


@dataclass(frozen=True)
class Licence:
    """A licence: the name of SPDX where it has one, its title and its text."""

    name: str
    title: str
    url: str


LICENCES: dict[str, Licence] = {
    "CC BY 4.0": Licence(
        "CC-BY-4.0",
        "クリエイティブ・コモンズ 表示 4.0 国際",
        "https://creativecommons.org/licenses/by/4.0/",
    ),
    "CC0 1.0": Licence(
        "CC0-1.0",
        "クリエイティブ・コモンズ CC0 1.0 全世界",
        "https://creativecommons.org/publicdomain/zero/1.0/",
    ),
    "PDL1.0": Licence(
        "PDL1.0",
        "公共データ利用規約(第1.0版)",
        "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0",
    ),
}

"""The data themes by which catalogues sort datasets: the EU vocabulary, with Japanese names.

Source: https://op.europa.eu/en/web/eu-vocabularies/dataset/-/resource?uri=http://publications.europa.eu/resource/dataset/data-theme
"""

from __future__ import annotations

from typing import Literal

Theme = Literal[
    "AGRI", "ECON", "EDUC", "ENER", "ENVI", "GOVE", "HEAL", "JUST", "REGI", "SOCI", "TECH", "TRAN"
]
# Code to Japanese and English name.
THEMES: dict[str, tuple[str, str]] = {
    "AGRI": ("農林水産・食", "Agriculture, fisheries, forestry and food"),
    "ECON": ("経済・産業・財政", "Economy and finance"),
    "EDUC": ("教育・文化・観光", "Education, culture and sport"),
    "ENER": ("エネルギー", "Energy"),
    "ENVI": ("環境・ごみ", "Environment"),
    "GOVE": ("行政・選挙", "Government and public sector"),
    "HEAL": ("健康・医療・福祉", "Health"),
    "JUST": ("防災・安全", "Justice, legal system and public safety"),
    "REGI": ("まち・施設", "Regions and cities"),
    "SOCI": ("人口・子育て・くらし", "Population and society"),
    "TECH": ("通信・デジタル", "Science and technology"),
    "TRAN": ("交通", "Transport"),
}

"""Ladders of categories that are the same in every city: nationality and level of care.

Belongs here: classes fixed by a ministry or by law. Must not hold: classes of one city.

Nationality: the regions are those of 外務省「国・地域」(アジア, 大洋州, 北米, 中南米, 欧州, 中東, アフリカ);
`nationalities.csv` holds names in Japanese with ISO 3166-1 codes. Levels of care: 介護保険法
(平成9年法律第123号) 第7条 and its 要介護状態区分コード; light, middle and heavy are 要支援1・2 and
要介護1, 要介護2・3, and 要介護4・5.
"""

import csv
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources

from anonymize.hierarchy.hierarchy import Hierarchy
from anonymize.hierarchy.rules import Climb, hierarchy_by_rule

JAPAN, FOREIGN = "日本", "外国"
STATELESS = "無国籍・その他"
_CARE = {
    **dict.fromkeys(
        ("非該当", "自立", "認定なし", "なし", "01", "none"), (0, "認定なし", "認定なし")
    ),
    **dict.fromkeys(("事業対象者", "06"), (1, "認定なし", "認定なし")),
    **dict.fromkeys(("要支援", "経過的要介護", "11"), (2, "軽度", "認定あり")),
    **dict.fromkeys(("要支援1", "12", "support1"), (3, "軽度", "認定あり")),
    **dict.fromkeys(("要支援2", "13", "support2"), (4, "軽度", "認定あり")),
    **dict.fromkeys(("要介護1", "21", "care1"), (5, "軽度", "認定あり")),
    **dict.fromkeys(("要介護2", "22", "care2"), (6, "中度", "認定あり")),
    **dict.fromkeys(("要介護3", "23", "care3"), (7, "中度", "認定あり")),
    **dict.fromkeys(("要介護4", "24", "care4"), (8, "重度", "認定あり")),
    **dict.fromkeys(("要介護5", "25", "care5"), (9, "重度", "認定あり")),
}
_NUMERALS = str.maketrans("一二三四五", "12345")


def care_levels(column: str, values: Iterable[str], *, unknown: Sequence[str] = ()) -> Hierarchy:
    """Make the ladder 要介護1 → 軽度・中度・重度 → 認定あり・認定なし → `*`.

    A blank value is not taken for 認定なし: it keeps its own label (空欄).

    Args:
        column: The column's name.
        values: 要介護1 to 5, 要支援1 and 2, 非該当, 自立, 事業対象者, or their codes (01, 12, 25 …).
        unknown: See `hierarchy_by_rule`.

    Raises:
        HierarchyError: A value that is none of these.
    """

    def climb(value: str) -> Climb | None:
        found = _CARE.get(_fold(value).translate(_NUMERALS))
        return None if found is None else Climb(found[:1], found[1:])

    expected = "要介護1～5、要支援1・2、非該当、自立、事業対象者と、そのコード(01、12、25 など)"
    return hierarchy_by_rule(
        column, values, climb, rule="care_level", expected=expected, unknown=unknown
    )


def nationalities(
    column: str,
    values: Iterable[str],
    *,
    regions: Mapping[str, str] | None = None,
    unknown: Sequence[str] = (),
) -> Hierarchy:
    """Make the ladder country → region → 日本・外国 → `*`.

    Args:
        column: The column's name.
        values: Countries by name (ベトナム), ISO code (VN, VNM) or 無国籍, その他.
        regions: Further names of the data and their regions; they go before the built-in ones.
        unknown: See `hierarchy_by_rule`.

    Raises:
        HierarchyError: A country that is not known.
    """
    own = {_fold(name): region for name, region in (regions or {}).items()}

    def climb(value: str) -> Climb | None:
        name = _fold(value)
        region = own.get(name) or known_regions().get(name)
        if region is None:
            return None
        side = JAPAN if region == JAPAN else FOREIGN
        return Climb((side != JAPAN, region), (region, side))

    expected = "国・地域の名前か ISO の国コード(例 ベトナム、VN、VNM)、無国籍、その他"
    return hierarchy_by_rule(
        column, values, climb, rule="nationality", expected=expected, unknown=unknown
    )


@cache
def known_regions() -> Mapping[str, str]:
    """Give every known spelling of a country, folded, and its region."""
    text = resources.files("anonymize.hierarchy").joinpath("nationalities.csv").read_text("utf-8")
    return {
        _fold(name): row["region"]
        for row in csv.DictReader(text.splitlines())
        for name in (row["alpha2"], row["alpha3"], *row["names"].split("/"))
        if name
    }


def _fold(value: str) -> str:
    return unicodedata.normalize("NFKC", value).strip().casefold()

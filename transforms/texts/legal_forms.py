"""Abbreviated legal forms of bodies and what they stand for.

Belongs here: the abbreviations in brackets, as they are after width folding (㈱ is `(株)`). Must not
hold: the kana abbreviations of bank transfers (`カ)`), which are cut from a fixed field.
"""

from collections.abc import Mapping
from types import MappingProxyType

LEGAL_FORMS: Mapping[str, str] = MappingProxyType(
    {
        "(株)": "株式会社",
        "(有)": "有限会社",
        "(同)": "合同会社",
        "(資)": "合資会社",
        "(名)": "合名会社",
        "(財)": "財団法人",
        "(一財)": "一般財団法人",
        "(公財)": "公益財団法人",
        "(社)": "社団法人",
        "(一社)": "一般社団法人",
        "(公社)": "公益社団法人",
        "(福)": "社会福祉法人",
        "(社福)": "社会福祉法人",
        "(学)": "学校法人",
        "(医)": "医療法人",
        "(宗)": "宗教法人",
        "(特非)": "特定非営利活動法人",
        "NPO法人": "特定非営利活動法人",
        "npo法人": "特定非営利活動法人",
        "(独)": "独立行政法人",
        "(地独)": "地方独立行政法人",
    }
)

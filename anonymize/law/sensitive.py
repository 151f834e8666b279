"""Columns that look like 要配慮個人情報, so that nobody forgets to name them.

Belongs here: the words of 法第2条第3項 and 施行令第2条 as they stand in titles of columns. Must not
hold: the decision, which is a person's: a title can deceive both ways.
"""

import re

from anonymize.law.facts import ColumnFact

# 人種, 信条, 社会的身分, 病歴, 犯罪の経歴, 犯罪被害; 施行令第2条: 障害, 健診の結果, 指導・診療・調剤,
# 刑事手続, 少年保護. 国籍 and 本籍 are not 人種 (通則ガイドライン 2-3) and stay out.
_WORDS = re.compile(
    r"人種|民族|信条|宗教|思想|社会的身分|病歴|病名|傷病|疾病|疾患|既往|診断|診療|調剤|投薬|健診|検診|"
    r"健康診断|障害|手帳|要介護|要支援|精神|療育|感染|前科|犯罪|逮捕|刑|被害|虐待|少年保護|"
    r"(?i:disease|diagnos|disabilit|religio|race|ethnic|medical|crime|criminal|victim)"
)


def suspected_sensitive(column: ColumnFact) -> bool:
    """Tell whether a column's name or title speaks of 要配慮個人情報."""
    return bool(_WORDS.search(column.title) or _WORDS.search(column.name))

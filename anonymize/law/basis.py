"""On what ground of the law data go out, to whom, by whose word, and where the method is kept.

Belongs here: the items about the release as a whole. Must not hold: items about columns and cells
(`checklist`).
"""

from collections.abc import Sequence

from anonymize.law.facts import BASES, MANNERS, ColumnFact, Declaration, Measured
from anonymize.law.items import Item, absent, failed, met

SECURE = "secure"
_PSEUDONYMISED = (
    "仮名加工情報は、他の情報と照合しなければ個人を識別できないだけで、公開も、法令によらない"
    "第三者への提供もできません(法第73条、第41条第6項)"
)


def judge_basis(_columns: Sequence[ColumnFact], said: Declaration, measured: Measured) -> Item:
    """Judge the ground: 仮名加工情報 never goes out; rows of persons are no statistics."""
    name = "basis"
    if said.basis is None:
        return absent(name, f"法的な整理(basis)が宣言されていません。{'・'.join(BASES)} のどれか")
    if said.basis not in BASES:
        return failed(name, ["法的な整理(basis)の書き方が正しくありません"])
    if said.basis == "仮名加工情報":
        return failed(
            name,
            [_PSEUDONYMISED],
        )
    if said.basis == "統計情報" and measured.of_persons:
        return failed(
            name, ["1行が1人(1世帯)の表は統計情報ではありません。集計するか、整理を改めてください"]
        )
    if said.basis != "統計情報" and not measured.of_persons:
        return failed(name, ["集計表の整理は統計情報です。1行が1人の表なら、そう宣言してください"])
    words = {
        "統計情報": "複数の人の情報を集計した値だけからなり、特定の個人との対応関係を排したもの",
        "匿名加工情報": "特定の個人を識別できず、復元できないように加工したもの(市が公開する場合の"
        "手続は要確認)",
        "行政機関等匿名加工情報": "保有個人情報を、規則第62条の基準で加工したもの",
    }
    return met(name, [f"{said.basis}: {words[said.basis]}"])


def judge_manner(_columns: Sequence[ColumnFact], said: Declaration, measured: Measured) -> Item:
    """Judge to whom: 行政機関等匿名加工情報 goes to a proposer under contract, and is not posted."""
    name = "manner"
    if said.manner is None:
        return absent(name, f"提供のしかた(manner)が宣言されていません。{'・'.join(MANNERS)}")
    if said.manner not in MANNERS:
        return failed(name, ["提供のしかた(manner)の書き方が正しくありません"])
    return _to_receiver(said) if said.manner == "契約による提供" else _to_all(said, measured)


def _to_receiver(said: Declaration) -> Item:
    if not said.receiver:
        return absent("manner", "契約の相手(receiver)が宣言されていません")
    return met("manner", [f"契約の相手: {said.receiver}。ウェブには載せません"])


def _to_all(said: Declaration, measured: Measured) -> Item:
    if said.basis == "行政機関等匿名加工情報":
        return failed(
            "manner",
            ["行政機関等匿名加工情報は、提案を審査して契約した相手に提供するもので、公開しません"],
        )
    if measured.of_persons and not said.legal_review:
        return absent(
            "manner",
            "1行が1人の表を公開してよいかを、法務の担当が確かめた記録(legal_review)がありません",
        )
    review = [f"法務の確認: {said.legal_review}"] if said.legal_review else []
    return met("manner", ["だれでも使える形で公開します", *review])


def judge_method(_columns: Sequence[ColumnFact], _said: Declaration, measured: Measured) -> Item:
    """Judge where the 加工方法等情報 lies (`method_information`): nowhere but in `secure`."""
    name = "method"
    if measured.method_zone is None:
        return absent(name, "加工方法等情報を secure の区画に保存していません")
    if measured.method_zone != SECURE:
        return failed(
            name, [f"加工方法等情報が secure でない区画にあります: {measured.method_zone}"]
        )
    return met(name, ["鍵・乱数の種・区分の対応表・削除した値は secure の区画にだけあります"])


def judge_person(_columns: Sequence[ColumnFact], said: Declaration, _measured: Measured) -> Item:
    """Judge that somebody answers for what only a person can say."""
    if not said.answered_by or not said.answered_by.strip():
        return absent("person", "判断した人(answered_by)が宣言されていません")
    return met("person", [f"宣言に答えた人: {said.answered_by}"])

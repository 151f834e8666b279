"""The law's checklist, filled by the run: what each item demands, whether it is met, and why.

Belongs here: the items and how they follow from facts, measurements and the declaration. Must not
hold: measuring, the wording of findings about a file (`gate_wording`).

Sources (e-Gov 法令検索): 個人情報の保護に関する法律(平成15年法律第57号)第2条, 第60条, 第73条,
第109条 to 第121条; 個人情報の保護に関する法律施行規則(平成28年個人情報保護委員会規則第3号)第62条.
Articles were renumbered in 2022 and 2023; texts say 要確認 where the number or the reading is not
certain. This is no legal advice: an item that is met says what was done, not that a court agrees.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from anonymize.law.basis import judge_basis, judge_manner, judge_method, judge_person
from anonymize.law.facts import ColumnFact, Declaration, Measured
from anonymize.law.items import Item, absent, failed, met, needless
from anonymize.law.sensitive import suspected_sensitive

__all__ = ["Checklist", "Item", "fill_checklist"]

_CODE_TYPES = {"my_number", "resident_id"}
_CODE_FINDINGS = ("pattern.my_number", "pattern.identity_code")
_NAME_FINDINGS = (
    "columns.personal_name",
    "pattern.person_name",
    "pattern.personal_address",
    "pattern.mobile_phone",
    "pattern.phone",
    "pattern.mail",
    "pattern.birth_date",
    "records.exact_date",
    "records.coordinates",
    "text.free",
)
_LINK_FINDINGS = (
    "pattern.pseudonym",
    "pattern.hash",
    "tokens.repeated",
    "records.row_number",
    "order.not_shuffled",
)
_RARE_FINDINGS = ("rare.value", "extreme.age", "extreme.household")

_Judge = Callable[[Sequence[ColumnFact], Declaration, Measured], Item]


@dataclass(frozen=True)
class Checklist:
    """All items of one release."""

    items: tuple[Item, ...]

    @property
    def is_met(self) -> bool:
        """Tell whether no item is failed or unanswered."""
        return all(item.status in {"適合", "該当なし"} for item in self.items)

    def open_items(self) -> tuple[Item, ...]:
        """List what keeps the gate closed."""
        return tuple(item for item in self.items if item.status in {"不適合", "未回答"})


def fill_checklist(
    columns: Sequence[ColumnFact], declaration: Declaration, measured: Measured
) -> Checklist:
    """Fill the checklist of one release.

    A table of counts is measured by the items as well: what is not about single persons says so.

    Args:
        columns: Every column of the source, also those that do not go out.
        declaration: The answers of a person; what is missing stays 未回答.
        measured: Of the staged file.
    """
    judges: tuple[_Judge, ...] = (
        judge_basis,
        judge_manner,
        _judge_descriptions,
        _judge_codes,
        _judge_links,
        _judge_rare,
        _judge_nature,
        _judge_sensitive,
        judge_method,
        judge_person,
    )
    return Checklist(tuple(judge(columns, declaration, measured) for judge in judges))


def _judge_descriptions(
    columns: Sequence[ColumnFact], _declaration: Declaration, measured: Measured
) -> Item:
    """Item 1: descriptions by which a person can be identified."""
    left = [
        c.name
        for c in columns
        if c.role == "direct_identifier" and c.is_published and c.type not in _CODE_TYPES
    ]
    reasons = [f"氏名などの列「{name}」が公開する表にあります" for name in left]
    reasons += _found(measured, _NAME_FINDINGS)
    if not measured.of_persons and not reasons:
        return needless("rule62.1", "1行が1人の表ではなく、氏名などの記述も見つかりませんでした")
    gone = [c.name for c in columns if c.role == "direct_identifier" and not c.is_published]
    proof = [f"直接に個人を示す列 {len(gone)} 列を削除: {'、'.join(gone)}" if gone else ""]
    proof += ["公開する表の全セルを、氏名・住所・電話・メール・生年月日について検索し、該当なし"]
    return _either("rule62.1", reasons, proof)


def _judge_codes(
    columns: Sequence[ColumnFact], _declaration: Declaration, measured: Measured
) -> Item:
    """Item 2: 個人識別符号 (法第2条第2項): all of them go, also as pseudonyms."""
    codes = [c for c in columns if c.type in _CODE_TYPES or c.classification == "特定個人"]
    reasons = [
        f"個人識別符号の列「{c.name}」が公開する表にあります" for c in codes if c.is_published
    ]
    reasons += _found(measured, _CODE_FINDINGS)
    gone = [c.name for c in codes if not c.is_published]
    proof = [f"個人識別符号の列を削除: {'、'.join(gone)}" if gone else "元の表に該当する列はなし"]
    proof += ["公開する表の全セルを、個人番号(検査数字)・年金番号などについて検索し、該当なし"]
    return _either("rule62.2", reasons, proof)


def _judge_links(
    columns: Sequence[ColumnFact], declaration: Declaration, measured: Measured
) -> Item:
    """Item 3: codes that link what is held with what goes out."""
    linking = [c for c in columns if c.role == "identifier" and c.type not in _CODE_TYPES]
    posted = declaration.manner != "契約による提供"
    reasons = [
        f"連結する符号の列「{c.name}」が公開する表にあります({c.treatment})"
        for c in linking
        if c.is_published and (posted or c.treatment != "仮名")
    ]
    reasons += _found(measured, _LINK_FINDINGS)
    gone = [c.name for c in linking if not c.is_published]
    proof = [f"連結する符号の列を削除: {'、'.join(gone)}" if gone else "元の表に該当する列はなし"]
    proof += ["仮名・ハッシュ値・過去の公開と同じ符号を検索し、該当なし"]
    if measured.of_persons:
        proof += ["行の並びを、元の台帳の順から鍵で並べ替え"]
    return _either("rule62.3", reasons, proof)


def _judge_rare(
    _columns: Sequence[ColumnFact], _declaration: Declaration, measured: Measured
) -> Item:
    """Item 4: 特異な記述等."""
    reasons = _found(measured, _RARE_FINDINGS)
    if not measured.of_persons and not reasons:
        return needless("rule62.4", "1行が1人の表ではありません")
    least = measured.k_asked
    if least is None:
        return absent("rule62.4", "k(何人に満たない値を特異とみるか)が宣言されていません")
    return _either("rule62.4", reasons, [f"どの列にも、{least}人に満たない値はなし"])


def _judge_nature(
    _columns: Sequence[ColumnFact], declaration: Declaration, measured: Measured
) -> Item:
    """Item 5: measures that follow from the nature of the file."""
    name = "rule62.5"
    if not declaration.nature_of_file or not declaration.known_to_outsiders:
        return absent(
            name,
            "ファイルの性質(nature_of_file)と、外部の人が知りうること(known_to_outsiders)の検討が"
            "宣言されていません",
        )
    proof = [
        f"ファイルの性質: {declaration.nature_of_file}",
        f"外部の人が知りうること: {declaration.known_to_outsiders}",
        f"行った攻撃: {'、'.join(measured.attacks)}" if measured.attacks else "",
    ]
    if not measured.of_persons:
        if not measured.attacks:
            return absent(name, "公開する表への攻撃(差分など)が行われていません")
        across = [rule for rule in measured.findings if rule.startswith("overlap.")]
        return _either(name, _found(measured, (*_TABLE_FINDINGS, *across)), proof)
    if measured.models_hold is None or measured.k_measured is None:
        return absent(name, "公開する表で、モデル(k など)を測っていません")
    reasons = [] if measured.models_hold else ["宣言したモデルが、公開する表で成り立っていません"]
    proof += [
        f"公開する表で測った k = {measured.k_measured}(宣言 {measured.k_asked})",
        f"抑制した行 {measured.suppressed:,} / {measured.rows:,}",
    ]
    return _either(name, reasons, proof)


_TABLE_FINDINGS = ("cells.recoverable", "margins.give_back", "sums.unequal", "gate.failed")


def _judge_sensitive(
    columns: Sequence[ColumnFact], declaration: Declaration, measured: Measured
) -> Item:
    """要配慮個人情報 (法第2条第3項): named by a person, and protected by a model where it goes out."""
    name = "sensitive"
    suspected = [c.name for c in columns if c.is_published and suspected_sensitive(c)]
    if declaration.sensitive_columns is None:
        hint = f"(疑いのある列: {'、'.join(suspected)})" if suspected else ""
        return absent(name, f"要配慮個人情報の列(sensitive_columns)が宣言されていません{hint}")
    named = set(declaration.sensitive_columns)
    if unnamed := [n for n in suspected if n not in named]:
        return failed(
            name, [f"要配慮個人情報の疑いがある列が宣言にありません: {'、'.join(unnamed)}"]
        )
    out = [c for c in columns if c.is_published and c.name in named]
    if not out:
        return needless(name, "公開する表に要配慮個人情報の列はありません")
    if not measured.of_persons:
        return met(name, ["要配慮個人情報に関する集計です。セルの秘匿は「攻撃」の欄に示します"])
    bare = [c.name for c in out if not c.models]
    reasons = [f"要配慮個人情報の列「{n}」に、l・t などのモデルがありません" for n in bare]
    return _either(name, reasons, [f"列「{c.name}」: {'、'.join(c.models)}" for c in out])


def _found(measured: Measured, rules: Sequence[str]) -> list[str]:
    hits = [(rule, measured.findings[rule]) for rule in rules if measured.findings.get(rule)]
    return [f"検査の指摘 {rule} が {count} 件あります" for rule, count in hits]


def _either(name: str, reasons: Sequence[str], proof: Sequence[str]) -> Item:
    return failed(name, reasons) if reasons else met(name, [line for line in proof if line])

"""One column of a data contract: how it is recognised, what it means, whom it concerns.

Here stand the shape of a column and the laws between its fields. What a whole contract may say is
`assets.contract`.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from assets.model import Strict, Valid
from assets.names import require_regex

Classification = Literal["公開", "庁内", "個人", "特定個人"]
Role = Literal["identifier", "direct_identifier", "quasi_identifier", "attribute"]
ColumnType = Literal[
    "text",
    "name",
    "kana",
    "date",
    "month",
    "year",
    "fiscal_year",
    "integer",
    "decimal",
    "percent",
    "digits",
    "boolean",
    "code",
    "local_government_code",
    "postal_code",
    "phone",
    "corporate_number",
    "invoice_number",
    "my_number",
    "resident_id",
    "school_code",
    "latitude",
    "longitude",
    "point",
    "town",
    "address",
]
# Two words for yes and no, and the ways a system's own numbers carry a check digit.
Vocabulary = Literal[
    "presence",
    "circle_cross",
    "circle_blank",
    "check_blank",
    "one_zero",
    "one_blank",
    "hai_iie",
    "possible",
    "applicable",
    "done",
    "true_false",
    "y_n",
]
CheckDigit = Literal["modulus_11", "modulus_11_last_digit"]
# How sure a column is: in the national specification, in a law or its forms, in files that cities
# have published or described, or taken for likely by whoever wrote the contract.
EvidenceLevel = Literal["standard", "law", "practice", "assumption"]
NUMERIC = {"integer", "decimal", "percent", "latitude", "longitude", "year", "fiscal_year"}
PERSONAL = {"個人", "特定個人"}
_DATE_PARTS = {"earliest": "最も早い日", "latest": "最も遅い日", "text": "原文"}
_ADDRESS_PARTS = {"town": "町字", "number": "番地以下", "building": "建物名等"}


class SourceName(Valid):
    """One header under which a column was delivered, valid for the periods it names.

    `name` is the header path, levels joined by `/`; `*` stands for any text within one level,
    `**` for any text of any number of levels.
    `from` and `until` are periods (`2021`, `2021-04`), both inclusive. `source_unit` and
    `multiplier` stand here when the values under this header count in another unit.
    """

    name: str
    source_unit: str | None = None
    multiplier: int | None = None


def _as_source_names(value: object) -> object:
    """Let one header be written as plain text; YAML reads NO and ON as truth values."""
    if isinstance(value, bool | int | float):
        raise ValueError("見出しは引用符で囲んでください(YAML は NO や数字を文字として読みません)")  # noqa: TRY004
    return [{"name": value}] if isinstance(value, str) else value


SourceNames = Annotated[list[SourceName], BeforeValidator(_as_source_names), Field(min_length=1)]


class Column(Strict):
    """One column of the common form, and how it is recognised in the delivered file.

    `same_as` names the identifier whose numbers these are (a `child_id` is a `resident_id`), so that
    one person has one pseudonym under both names. `keep_parts` puts the parts of an address beside it.
    """

    source: SourceNames
    title: str = Field(min_length=1)
    type: ColumnType
    classification: Classification
    required: bool = False
    role: Role | None = None
    same_as: str | None = None
    description: str = ""
    evidence: EvidenceLevel | None = None
    unit: str | None = None
    source_unit: str | None = None
    multiplier: int = 1
    length: int | None = None
    labels: dict[str, str] | None = None
    true: list[str] | None = None
    false: list[str] | None = None
    vocabulary: Vocabulary | None = None
    city: str | None = None
    check_digit: CheckDigit | None = None
    not_my_number: str | None = Field(default=None, min_length=1)
    era: str | None = None
    carried: bool = False
    open_end: bool = False
    excel_serials: bool = False
    era_digits: bool = False
    policy: Literal["strict", "lenient"] = "strict"
    keep_uncertain: bool = False
    keep_parts: bool = False
    marks: dict[str, str] = Field(default_factory=dict)
    bounds: tuple[float, float, float, float] | None = None
    datum: Literal["jgd2011", "tokyo"] = "jgd2011"
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None

    @model_validator(mode="after")
    def _say_what_personal_data_is(self) -> Self:
        if self.classification in PERSONAL and self.role is None:
            raise ValueError(
                "個人情報の列には role(identifier / direct_identifier / quasi_identifier / "
                "attribute のどれか)が必要です"
            )
        if self.classification == "特定個人" and self.role != "direct_identifier":
            raise ValueError("特定個人の列の role は direct_identifier だけが許されます")
        if self.type == "my_number" and self.classification != "特定個人":
            raise ValueError("type が my_number の列の classification は 特定個人 だけが許されます")
        return self

    @model_validator(mode="after")
    def _join_identifiers_only(self) -> Self:
        if self.same_as is not None and self.role != "identifier":
            raise ValueError("same_as は role が identifier の列にだけ書けます")
        return self

    @model_validator(mode="after")
    def _keep_uncertain_dates_only(self) -> Self:
        if self.keep_uncertain and self.type != "date":
            raise ValueError("keep_uncertain は type が date の列にだけ書けます")
        if self.keep_uncertain and self.role == "identifier":
            raise ValueError("keep_uncertain は role が identifier の列には書けません")
        return self

    @model_validator(mode="after")
    def _keep_parts_of_addresses_only(self) -> Self:
        if self.keep_parts and (self.type != "address" or self.role == "identifier"):
            raise ValueError(
                "keep_parts は type が address で、role が identifier でない列にだけ書けます"
            )
        return self

    @model_validator(mode="after")
    def _give_a_type_what_it_needs(self) -> Self:
        # A named vocabulary has both lists of words.
        words = () if self.vocabulary else ("true", "false")
        needs = {"code": ("labels",), "boolean": words}
        for field in needs.get(self.type, ()):
            if getattr(self, field) is None:
                raise ValueError(f"type が {self.type} の列には {field} が必要です")
        if self.marks and (self.vocabulary or "").endswith("_blank"):
            raise ValueError(
                f"空欄を「いいえ」と読む vocabulary({self.vocabulary})の列に marks は書けません。"
                "true・false に語を並べてください"
            )
        if (self.minimum is not None or self.maximum is not None) and self.type not in NUMERIC:
            raise ValueError("minimum・maximum は数値の列にだけ書けます")
        require_regex(self.pattern)
        return self

    def headers(self, period: str) -> list[str]:
        """List the headers valid for a delivery period; none: it is not delivered then."""
        return [name.name for name in self.source if name.covers(period)]

    def beside(self, name: str) -> dict[str, Column]:
        """Give the columns beside this one, of its class and role: an uncertain date, an address in parts."""
        if self.keep_parts:
            return {
                f"{name}_{part}": self._part(word, "text", f"「{self.title}」のうち、{word}。")
                for part, word in _ADDRESS_PARTS.items()
            }
        if not self.keep_uncertain:
            return {}
        said = f"「{self.title}」が一日に決まらないときだけ値がある。"
        return {
            f"{name}_{part}": self._part(word, "text" if part == "text" else "date", said)
            for part, word in _DATE_PARTS.items()
        }

    def _part(self, word: str, kind: ColumnType, description: str) -> Column:
        plain: dict[str, object] = {
            "required": False,
            "keep_uncertain": False,
            "keep_parts": False,
            "pattern": None,
        }
        said = {"title": f"{self.title}({word})", "type": kind, "description": description}
        return self.model_copy(update={**plain, **said})

    def in_period(self, period: str) -> Column:
        """Give the column as it is delivered in a period: with the unit of that time."""
        valid = [name for name in self.source if name.covers(period)]
        units = [{"source_unit": n.source_unit, "multiplier": n.multiplier} for n in valid]
        changes = {field: v for unit in units for field, v in unit.items() if v is not None}
        return self.model_copy(update=changes) if changes else self

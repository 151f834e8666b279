"""Faults of the register in plain Japanese: file, path, what is wrong, the nearest right word.

Only the wording of load errors stands here; the laws themselves are in the models.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from pydantic import BaseModel

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails
    from yaml import YAMLError

_MESSAGES = {
    "missing": "必要な項目がありません",
    "extra_forbidden": "知らない項目です",
    "union_tag_invalid": "知らない種類です",
    "union_tag_not_found": "種類を示す項目がありません",
    "literal_error": "使えない値です",
    "string_type": "文字で書いてください(数字は引用符 ' ' で囲みます)",
    "int_type": "整数で書いてください",
    "int_parsing": "整数で書いてください",
    "int_from_float": "整数で書いてください",
    "float_type": "数で書いてください",
    "float_parsing": "数で書いてください",
    "bool_type": "true か false で書いてください",
    "bool_parsing": "true か false で書いてください",
    "dict_type": "「項目: 値」の形で書いてください",
    "model_type": "「項目: 値」の形で書いてください",
    "list_type": "一覧(- で始まる行)で書いてください",
    "too_short": "1件以上書いてください",
    "string_too_short": "空にはできません",
    "string_pattern_mismatch": "書き方が決まりに合いません",
    "greater_than_equal": "小さすぎる値です",
    "greater_than": "小さすぎる値です",
    "less_than_equal": "大きすぎる値です",
    "less_than": "大きすぎる値です",
    "date_from_datetime_parsing": "日付(例 2026-04-01)で書いてください",
}

# The bound in pydantic's context, and how it is read out.
_BOUNDS = {
    "greater_than_equal": ("ge", "以上"),
    "greater_than": ("gt", "より大きい値"),
    "less_than_equal": ("le", "以下"),
    "less_than": ("lt", "より小さい値"),
}

# What pydantic puts into a path that nobody wrote into the file.
_NOT_WRITTEN = ("function-", "list[", "kind:")


@dataclass(frozen=True)
class RegisterFault:
    """One fault of one register file.

    Attributes:
        file: the YAML or SQL at fault.
        path: where in it, such as `columns.town.classification`.
        message: what is wrong, in Japanese.
        remedy: what to do next, in Japanese.
    """

    file: Path
    path: str
    message: str
    remedy: str

    def __str__(self) -> str:
        """Say it in three lines."""
        where = f"{self.file} の {self.path}" if self.path else str(self.file)
        return f"{self.message}\n  場所: {where}\n  直し方: {self.remedy}"


class RegisterError(Exception):
    """The register cannot be used; `faults` lists every reason found."""

    def __init__(self, faults: list[RegisterFault]) -> None:
        """Keep the faults and word them together."""
        super().__init__("\n\n".join(map(str, faults)))
        self.faults = faults


def explain_validation(
    file: Path, model: type[BaseModel], error: ValidationError
) -> list[RegisterFault]:
    """Word every fault pydantic found in one file."""
    return [_explain(file, model, detail) for detail in error.errors()]


def explain_yaml(file: Path, error: YAMLError) -> RegisterFault:
    """Word a text that is no YAML, with its line where the parser names one."""
    mark = getattr(error, "problem_mark", None)
    where = f"{mark.line + 1}行目" if mark else ""
    twice = str(getattr(error, "problem", ""))
    if "2回" in twice:
        return RegisterFault(file, where, twice, "どちらかを消すか、名前を変えてください。")
    remedy = "字下げ、コロンの後の空白、引用符を確かめてください。"
    return RegisterFault(file, where, "YAML として読めません", remedy)


def _explain(file: Path, model: type[BaseModel], detail: ErrorDetails) -> RegisterFault:
    location = [part for part in detail["loc"] if not str(part).startswith(_NOT_WRITTEN)]
    path = ".".join(str(part) for part in location)
    kind = detail["type"]
    if kind == "value_error":
        message = str(detail["ctx"]["error"]) if "ctx" in detail else "決まりに合いません"
        return RegisterFault(file, path, message, "上の説明に従って書き直してください。")
    message = f"{_MESSAGES.get(kind, '決まりに合いません')}: {location[-1] if location else ''}"
    return RegisterFault(file, path, message, _remedy(kind, model, location, detail))


def _remedy(
    kind: str, model: type[BaseModel], location: list[int | str], detail: ErrorDetails
) -> str:
    if kind == "extra_forbidden":
        return suggest(str(location[-1]), _known_fields(model, location[:-1]))
    if kind in {"literal_error", "union_tag_invalid"}:
        context = detail.get("ctx", {})
        expected = str(context.get("expected") or context.get("expected_tags") or "")
        words = [word.strip(" '\"") for word in expected.replace(" or ", ",").split(",")]
        given = detail["input"] if kind == "literal_error" else context.get("tag", "")
        return suggest(str(given), words)
    if kind == "missing":
        return f"「{location[-1]}: 」の行を足してください。"
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return f"{detail.get('ctx', {}).get(name)} {words}にしてください。"
    return "値の書き方を直してください。"


def suggest(word: str, known: list[str]) -> str:
    """Name the nearest right word, and all of them."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    listing = f"使える語: {'、'.join(known)}"
    return f"「{near[0]}」の書き間違いではありませんか。{listing}" if near else listing


def _known_fields(model: type[BaseModel], location: list[int | str]) -> list[str]:
    """Walk the models along a path and list the fields at its end."""
    current: set[type[BaseModel]] = {model}
    for part in location:
        found: set[type[BaseModel]] = set()
        for candidate in current:
            field = candidate.model_fields.get(str(part))
            found |= _models_in(field.annotation) if field else set()
        current = found or current
    fields = [(n, f) for candidate in current for n, f in candidate.model_fields.items()]
    return sorted({field.alias or name for name, field in fields})


def _models_in(annotation: object) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {model for part in get_args(annotation) for model in _models_in(part)}

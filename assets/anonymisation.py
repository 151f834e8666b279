"""What one anonymisation policy YAML may say: which columns, how they coarsen, what must hold.

Here stand the shape of `policy.yaml` and the laws between its keys. How hierarchies are built and
applied is `anonymize/`; how files are read and written is `warehouse/anonymising/`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Literal, Self

import yaml
from pydantic import BeforeValidator, Discriminator, Field, Tag, ValidationError, model_validator

from assets.anonymisation_models import ModelSpec
from assets.anonymisation_rules import RULES, Rule
from assets.errors import (
    RegisterError,
    RegisterFault,
    explain_validation,
    explain_yaml,
    suggest,
)
from assets.model import Strict
from assets.strict_yaml import load_yaml

if TYPE_CHECKING:
    from pathlib import Path


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Names = Annotated[list[str], BeforeValidator(_as_list)]


class HierarchyFile(Strict):
    """A quasi-identifier whose hierarchy stands in a file as ARX writes it.

    Attributes:
        hierarchy: Path of the file, relative to the policy's own.
        weight: How much its loss counts beside the others'.
    """

    hierarchy: str = Field(min_length=1)
    weight: float = Field(default=1, ge=0)


def _know(said: object) -> object:
    """Say what is missing before one of the many shapes is held against it."""
    if not isinstance(said, dict) or not said.keys() & {"hierarchy", "rule"}:
        raise ValueError("hierarchy: 階層ファイル か rule: 規則の名前 を書いてください")
    if "hierarchy" in said and "rule" in said:
        raise ValueError("hierarchy と rule は、どちらか1つだけ書いてください")
    if "rule" in said and said["rule"] not in RULES:
        word = str(said["rule"])
        raise ValueError(f"知らない規則です: {word}。{suggest(word, list(RULES))}")
    return said


def _tell(said: object) -> str:
    rule = said.get("rule") if isinstance(said, dict) else None
    return f"kind:{rule or 'file'}"


QuasiIdentifier = Annotated[
    Annotated[HierarchyFile, Tag("kind:file")] | Rule, Discriminator(_tell), BeforeValidator(_know)
]


class Household(Strict):
    """Who lives together, and what all members of a household share.

    Attributes:
        id: Column that tells households apart; it never comes out.
        columns: Quasi-identifiers of the household: its members come out with one label.
    """

    id: str = Field(min_length=1)
    columns: list[str] = Field(min_length=1)


class Policy(Strict):
    """One policy.

    Attributes:
        quasi_identifiers: Column to how it coarsens: what an outsider may know of a person.
        sensitive: Columns whose values must not be learned of a person; where none is listed, those
            the models speak of.
        models: What every class of rows must satisfy.
        suppression_limit: Largest share of rows that may be suppressed.
        recoding: One level for a whole column, or a label fitted to each class.
        metric: What is kept small.
        person: Column that tells persons apart: thresholds count persons. It never comes out.
        household: See `Household`.
        identifiers: Columns that name a person (氏名, 宛名番号 …): they never come out.
        insensitive: Columns that somebody has looked at and found harmless: they come out as they are.
        seed: Fixes every choice by lot.
    """

    quasi_identifiers: dict[str, QuasiIdentifier] = Field(min_length=1)
    sensitive: Names = Field(default_factory=list)
    models: list[ModelSpec] = Field(min_length=1)
    suppression_limit: float = Field(default=0, ge=0, le=1)
    recoding: Literal["full_domain", "local"] = "full_domain"
    metric: Literal["loss"] = "loss"
    person: str | None = Field(default=None, min_length=1)
    household: Household | None = None
    identifiers: Names = Field(default_factory=list)
    insensitive: Names = Field(default_factory=list)
    seed: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _give_every_column_one_part(self) -> Self:
        parts = {
            "quasi_identifiers": list(self.quasi_identifiers),
            "sensitive": self.sensitive_columns,
            "identifiers": self.identifiers,
            "insensitive": self.insensitive,
            "person": [self.person] if self.person else [],
        }
        counted = Counter(name for names in parts.values() for name in names)
        twice = [name for name, times in counted.items() if times > 1]
        if twice:
            where = [key for key, names in parts.items() if twice[0] in names]
            raise ValueError(
                f"列「{twice[0]}」が {' と '.join(where)} に2回あります。1つの列の役割は1つです。"
                "守りたい値なら sensitive に、外の人が知っている値なら quasi_identifiers に書いてください"
            )
        return self

    @model_validator(mode="after")
    def _know_the_sensitive_column_of_every_model(self) -> Self:
        for model in self.models:
            if "on" not in type(model).model_fields:
                continue
            on = getattr(model, "on", None)
            if on is None and len(self.sensitive) != 1:
                raise ValueError(
                    "models の l・t・alpha・beta・delta には on: 列名 を書いてください"
                )
            if on is not None and on not in self.sensitive_columns:
                raise ValueError(
                    f"models の on にある列が sensitive にありません: {on}。"
                    f"{suggest(on, self.sensitive)}。sensitive: [{on}] と書いてください"
                )
        return self

    @model_validator(mode="after")
    def _weigh_something(self) -> Self:
        if not any(column.weight for column in self.quasi_identifiers.values()):
            raise ValueError("weight がすべて 0 です。1つ以上の列に 0 より大きい値を書いてください")
        return self

    @model_validator(mode="after")
    def _let_households_share_quasi_identifiers(self) -> Self:
        if self.household is None:
            return self
        if self.recoding != "local":
            raise ValueError(
                "household(世帯をそろえる)は recoding: local のときだけ使えます。"
                "recoding: local と書くか、household を消してください"
            )
        known = list(self.quasi_identifiers)
        if unknown := [name for name in self.household.columns if name not in known]:
            raise ValueError(
                f"household.columns の列が quasi_identifiers にありません: {unknown[0]}。"
                f"{suggest(unknown[0], known)}"
            )
        if self.household.id in {*known, *self.sensitive_columns, *self.insensitive}:
            raise ValueError("household.id の列は、ほかの役割に書けません(出力には出ません)")
        return self

    @property
    def sensitive_columns(self) -> list[str]:
        """The sensitive columns: as listed, or where nothing is listed those the models speak of."""
        named = [on for model in self.models if (on := getattr(model, "on", None))]
        return self.sensitive or list(dict.fromkeys(named))

    @property
    def withheld(self) -> list[str]:
        """The columns that never come out."""
        household = [self.household.id] if self.household else []
        person = [self.person] if self.person else []
        return list(dict.fromkeys([*self.identifiers, *person, *household]))

    def on(self, model: ModelSpec) -> str:
        """Name the sensitive column of a model."""
        return getattr(model, "on", None) or self.sensitive[0]


def load_policy(path: Path) -> Policy:
    """Read one policy file.

    Raises:
        RegisterError: In Japanese, with every fault and its place in the file.
    """
    try:
        return Policy.model_validate(load_yaml(path.read_text("utf-8-sig")))
    except FileNotFoundError:
        fault = RegisterFault(
            path, "", "ポリシーのファイルがありません", "名前を確かめてください。"
        )
    except UnicodeDecodeError:
        fault = RegisterFault(path, "", "UTF-8 で書かれていません", "UTF-8 で保存してください。")
    except yaml.YAMLError as error:
        fault = explain_yaml(path, error)
    except ValidationError as error:
        raise RegisterError(explain_validation(path, Policy, error)) from None
    raise RegisterError([fault])

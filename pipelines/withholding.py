"""What is asked of a dataset before its rows are committed, and what is withheld.

Between staging and the commit: a delivery without a good row, or a broken promise, leaves what was
there yesterday. When nothing is staged the last answers are repeated, without the engine that
takes seconds to load.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from assets.contract import RowCount
from pipelines.quality import CheckOutcome, validate
from warehouse.lake import Loaded, loaded, record, transaction
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from assets.register import Dataset
    from pipelines.platform import Platform
    from warehouse.standardise import Staged


def check_staged(platform: Platform, dataset: Dataset, staged: Staged) -> list[CheckOutcome]:
    """Validate what is staged; when nothing is, repeat the last answers."""
    asset, con = f"quality/{dataset.name}", platform.con
    known = loaded(con, "secure", asset).get("")
    if not staged.entries:
        answers = known.account.get("checks", []) if known else []
        return [CheckOutcome(**answer) for answer in cast("list[dict[str, Any]]", answers)]
    refuse_empty(dataset, staged)
    answers = validate(platform.home, dataset, con, staged.queries["common"])
    with transaction(con, "secure", asset):
        about: dict[str, object] = {"checks": [asdict(answer) for answer in answers]}
        record(con, "secure", [Loaded(asset, "", staged.data_version, about)])
    return answers


def refuse_empty(dataset: Dataset, staged: Staged) -> None:
    """A delivery without one good row is a fault, unless the contract allows an empty table."""
    least = [c.minimum for c in dataset.contract.checks if isinstance(c, RowCount)]
    empty = [str(e.account["file"]) for e in staged.entries if not e.account["rows_out"]]
    if empty and (not least or min(least) > 0):
        raise Refusal(
            "quality.no_rows",
            "取り込める行が1行もありません。取り込みを見送りました。前回までのデータはそのままです。",
            "、".join(empty),
            "machikane quarantine で理由を確かめ、元のデータを直して提出し直してください。",
        )


def withhold_if_failed(dataset: Dataset, answers: list[CheckOutcome]) -> None:
    """Refuse to commit what breaks a promise.

    Raises:
        Refusal: `quality.failed`, with every broken promise.
    """
    failed = [answer.title for answer in answers if not answer.passed]
    if failed:
        listed = "".join(f"\n  ・{title}" for title in failed)
        raise Refusal(
            "quality.failed",
            f"品質検査に通らないため、取り込みを見送りました。前回までのデータはそのままです。{listed}",
            dataset.contract.title,
            "元のデータを直して提出し直すか、契約の checks を所管課と確かめてください。",
        )

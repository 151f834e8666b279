"""What only a person can say of a release, for the law's checklist.

Here stands the shape alone. Every answer may be missing: a missing answer is no fault of the file,
it keeps the gate closed (`anonymize.law`).
"""

from __future__ import annotations

from typing import Literal

from assets.model import Strict


class Declaration(Strict):
    """The answers to the items that no run can fill.

    Attributes:
        basis: on what ground of the law the data go out.
        manner: posted for all, or given under a contract.
        receiver: the proposer under contract.
        sensitive_columns: published columns with 要配慮個人情報; an empty list says there is none.
        nature_of_file: what was looked at for 規則第62条第5号.
        known_to_outsiders: what an outsider may know.
        answered_by: who answers for this.
        legal_review: who confirmed that rows of persons may be posted on this ground.
    """

    basis: Literal["統計情報", "匿名加工情報", "行政機関等匿名加工情報", "仮名加工情報"] | None = (
        None
    )
    manner: Literal["公開", "契約による提供"] | None = None
    receiver: str | None = None
    sensitive_columns: list[str] | None = None
    nature_of_file: str | None = None
    known_to_outsiders: str | None = None
    answered_by: str | None = None
    legal_review: str | None = None

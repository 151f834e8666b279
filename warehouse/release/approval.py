"""Whether a candidate may be approved, and by whom: every reason against it, in plain words.

Belongs here: the refusals before anything is decided. Must not hold: recording, publishing
(`publish`).
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from warehouse.release.candidate import Candidate


def require_passed(candidate: Candidate) -> None:
    """Refuse what the gate has stopped.

    Raises:
        Refusal: `release.blocked`, with the findings.
    """
    if candidate.is_blocked:
        listed = "\n".join(f"  ・{f['message']}({f['where']})" for f in candidate.findings)
        raise refuse(
            "blocked",
            f"検査で止まっています。\n{listed}",
            candidate.release,
            "上の指摘を直してから、もう一度実行してください。",
        )


def require_second_person(
    person: str, *, prepared_by: str, approvers: Iterable[str], release: str
) -> None:
    """Refuse an approver who prepared it, or whom the release does not name.

    Names are compared after NFKC and without spaces.

    Raises:
        Refusal: `release.same_person`, `release.not_approver`.
    """
    named, known = fold_name(person), list(approvers)
    if named in {"", fold_name(prepared_by)}:
        raise refuse(
            "same_person",
            "作成者と承認者が同じか、承認者の名前がありません。",
            release,
            "作成者とは別の人が承認してください。",
        )
    if named not in {fold_name(name) for name in known}:
        raise refuse(
            "not_approver",
            f"「{person.strip()}」は、この公開データの承認者ではありません。",
            release,
            f"承認できるのは、{'、'.join(known) or '(だれも書かれていません)'} です。"
            "変えるときは、公開データの YAML の approvers を直して machikane run を実行してください。",
        )


def require_note(note: str, release: str) -> None:
    """Refuse a further version that does not say what has changed.

    Raises:
        Refusal: `release.note`.
    """
    if not note.strip():
        raise refuse(
            "note",
            "前に公開した版があるので、何を変えたかを書く必要があります。",
            release,
            '--note "訂正・変更の内容" を付けてください。この文は公開のページに載ります。',
        )


def fold_name(name: str) -> str:
    """Fold a name for comparison: NFKC, no spaces."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def refuse(rule: str, what: str, where: str, remedy: str) -> Refusal:
    """Word a refusal of a release."""
    return Refusal(f"release.{rule}", what, where, remedy)

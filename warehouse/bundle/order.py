"""Whether a bundle may follow what was applied: no replay, no gap, no second history.

Belongs here: the rule and its words. Must not hold: signatures (`apply`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.bundle.manifest import fingerprint_of
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from warehouse.bundle.manifest import Manifest

_FULL = "閉域側で machikane bundle export --full を実行し、できた束を運んで適用してください。"


def check_order(new: Manifest, applied: Manifest | None, where: str) -> bool:
    """Refuse a bundle that does not follow; tell whether it is the one applied last.

    A full bundle may come after any older one, because it needs nothing that is there.

    Raises:
        Refusal: `bundle.replay`, `bundle.fork`, `bundle.gap`.
    """
    if applied is None:
        if new.kind == "changes":
            raise _refuse(
                "gap",
                f"第{new.sequence}号は前からの変更分だけの束ですが、ここにはまだ何も適用していません。",
                where,
                _FULL,
            )
        return False
    if new == applied:
        return True
    if new.sequence < applied.sequence:
        raise _refuse(
            "replay",
            f"古い束です(第{new.sequence}号)。ここには第{applied.sequence}号まで適用してあります。取り下げたデータが戻るのを防ぐため、古い束は受け付けません。",
            where,
            "いちばん新しい束を適用してください。",
        )
    if new.sequence == applied.sequence:
        raise _refuse(
            "fork",
            f"同じ第{new.sequence}号で、中身の違う束です。閉域側の記録が古い控えから戻された恐れがあります。",
            where,
            f"情報管理の責任者に知らせ、どちらが正しいか確かめてください。そのうえで、{_FULL}",
        )
    if new.kind == "full":
        return False
    _check_next(new, applied, where)
    return False


def _check_next(new: Manifest, applied: Manifest, where: str) -> None:
    if new.sequence > applied.sequence + 1:
        raise _refuse(
            "gap",
            f"間の束が抜けています。ここは第{applied.sequence}号まで、この束は第{new.sequence}号です。",
            where,
            f"第{applied.sequence + 1}号から順に適用してください。なくしたときは、{_FULL}",
        )
    if new.previous != fingerprint_of(applied.to_bytes()):
        raise _refuse(
            "fork",
            f"第{new.sequence}号は、ここに適用した第{applied.sequence}号の続きではありません。",
            where,
            f"閉域側の記録と見比べてください。{_FULL}",
        )


def _refuse(rule: str, what: str, where: str, remedy: str) -> Refusal:
    return Refusal(f"bundle.{rule}", f"{what}何も変えていません。", where, remedy)

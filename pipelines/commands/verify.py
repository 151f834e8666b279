"""`machikane verify`: what of the kept files is no longer as it was written, in Japanese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.upkeep.verify import verify

if TYPE_CHECKING:
    from rich.console import Console

    from warehouse.home import Home

_LISTED = 20


def print_verification(console: Console, home: Home) -> int:
    """Verify, print what was found, and give the exit code: 1 when anything is at fault."""
    found = verify(home)
    rate = found.bytes / 1e6 / max(found.seconds, 1e-9)
    console.print(
        f"ファイル {found.files:,} 件({found.bytes / 1e9:.2f} GB)の SHA-256 を一覧と比べました"
        f"({found.seconds:.1f} 秒、毎秒 {rate:,.0f} MB)。"
    )
    if found.young:
        console.print(
            f"書き込みの途中かもしれない新しいファイル {found.young} 件は、次に調べます。"
        )
    for area, chain in found.chains.items():
        console.print(f"  {area} の一覧の最後の値: {chain[:16]}", markup=False)
    if not found.faults:
        console.print("壊れたファイル、足りないファイル、知らないファイルはありません。")
        return 0
    console.print(f"おかしなファイルが {len(found.faults)} 件あります。")
    for fault in found.faults[:_LISTED]:
        console.print(str(fault), markup=False, highlight=False, soft_wrap=True)
    if len(found.faults) > _LISTED:
        console.print(f"ほか {len(found.faults) - _LISTED} 件")
    return 1

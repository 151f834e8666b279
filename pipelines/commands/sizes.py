"""`machikane sizes`: what each dataset takes and costs, as a table in Japanese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from warehouse.upkeep.sizes import measure

if TYPE_CHECKING:
    from rich.console import Console

    from assets.register import Register
    from warehouse.home import Home

_GB = 1e9


def print_sizes(console: Console, home: Home, register: Register) -> None:
    """Print a line a table, the landed bytes, the snapshots, and yen a month where it is set."""
    sizes = measure(home, register)
    price = register.city.storage_yen_per_gb_month
    heads = ["ゾーン", "表", "行", "ファイル", "大きさ", "前の版だけ", "今月ふえた分"]
    table = Table(*heads, *(["円/月"] if price is not None else []))
    for t in sizes.tables:
        cells = [t.zone, f"{t.schema}.{t.table}", f"{t.rows:,}", f"{t.files:,}"]
        cells += [_mega(t.bytes), _mega(t.old_bytes), _mega(t.monthly_bytes)]
        table.add_row(*cells, *_yen(t.bytes + t.old_bytes, price))
    for name, size in sizes.landed.items():
        table.add_row("landing", name, "", "", _mega(size), "", "", *_yen(size, price))
    console.print(table)
    kept = "、".join(f"{zone} {count}" for zone, count in sizes.snapshots.items())
    console.print(f"残している版: {kept}")
    total = f"合計: {_mega(sizes.total_bytes)}"
    cost = "".join(f"、月 {yen} 円" for yen in _yen(sizes.total_bytes, price))
    console.print(total + cost)


def _mega(size: int) -> str:
    return f"{size / 1e6:,.2f} MB"


def _yen(size: int, price: float | None) -> list[str]:
    return [] if price is None else [f"{size / _GB * price:,.2f}"]

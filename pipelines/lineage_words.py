"""What layers and columns of the lineage are called in Japanese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.lineage.graph import DELIVERED
from warehouse.lineage.sql_columns import ROWS

if TYPE_CHECKING:
    from assets.register import Register
    from warehouse.lineage.graph import Field

_LAYERS = {
    "landing": "届いたファイル",
    "raw": "届いたままの文字",
    "common": "共通の形",
    "internal": "仮名化した形",
    "declared": "台帳に書かれた表",
    "mart": "分析用の表",
    "open": "公開データ",
}


def layer_title(layer: str) -> str:
    """Call a layer by its Japanese name."""
    return _LAYERS.get(layer, layer)


def column_title(register: Register, field: Field) -> str:
    """Call a column by its Japanese title, or by what stands in the file."""
    layer, name = field.asset.split("/", 1)
    if field.column == ROWS:
        return "行の数・期間" if layer == "landing" else "行"
    if field.column in DELIVERED:
        return "期間(ファイル名から)"
    if layer == "landing":
        return f"「{field.column}」"
    columns = (
        register.marts[name].spec.columns
        if layer == "mart"
        else register.datasets[name].contract.table_columns
        if name in register.datasets
        else {}
    )
    said = columns.get(field.column)
    return said.title if said else field.column

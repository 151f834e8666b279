"""Examples to copy that read the newest version of one release in common programs.

Every example keeps codes and ids as text, so that leading zeros stay, and makes numbers only of the
columns the layout calls numbers. The address is the stable one under `latest/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from warehouse.site.placing import latest_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.catalogue.entries import Entry, PublicFile
    from warehouse.site.wording import Words

# Where the folder is served when the city has not said it; the page's script puts in the real one.
NO_ADDRESS = "https://www.example.jp/opendata/"
_SHOWN = 12


@dataclass(frozen=True)
class Example:
    """One way to read the data: a heading, a language for who reads it, and the text to copy."""

    key: str
    title: str
    note: str
    code: str


def list_examples(
    entry: Entry, columns: Sequence[str], site_url: str | None, words: Words
) -> list[Example]:
    """Write the examples for a release that has a CSV with these columns."""
    latest = entry.latest
    csv = latest.file("CSV") if latest else None
    if csv is None:
        return []
    address = _address(entry, csv, site_url)
    numbers = [c.name for c in entry.columns if c.is_number and c.name in columns]
    integers = [c.name for c in entry.columns if c.type == "integer" and c.name in columns]
    return [
        Example("curl", "curl", words("ファイルを保存します。", "Save the file."), f'curl -fLO "{address}"'),
        Example("polars", "Python (polars)", words("番号の先頭の 0 を落とさないように、すべて文字で読んでから、数の列だけを数にします。", "Read everything as text so that leading zeros stay, then make numbers of the number columns."), _polars(address, integers, [n for n in numbers if n not in integers])),
        Example("pandas", "Python (pandas)", "", _pandas(address, numbers)),
        Example("r", "R", words("追加のパッケージは要りません。", "No package needed."), _r(address, numbers)),
        Example("excel", "Excel (Power Query)", words("「データ」→「データの取得」→「その他のデータ ソースから」→「空のクエリ」→「詳細エディター」に貼り付けます。文字化けも、先頭の 0 の欠落もなく読み込めます。", "Data → Get Data → From Other Sources → Blank Query → Advanced Editor, and paste."), _power_query(address, numbers)),
        Example("duckdb", "DuckDB", "", _duckdb(entry, csv, site_url)),
    ]  # fmt: skip


def _address(entry: Entry, file: PublicFile, site_url: str | None) -> str:
    return (site_url or NO_ADDRESS) + quote(latest_path(entry, file))


def _listed(names: list[str], more: str = "") -> str:
    """Write names in double quotes; the many columns of an age table in a few lines."""
    quoted = [f'"{name}"' for name in names]
    lines = [", ".join(quoted[k : k + _SHOWN]) for k in range(0, len(quoted), _SHOWN)]
    return f",\n{more}".join(lines)


def _polars(address: str, integers: list[str], numbers: list[str]) -> str:
    lines = [
        "from urllib.request import urlopen",
        "",
        "import polars as pl",
        "",
        f'csv = urlopen("{address}").read()',
        "table = pl.read_csv(csv, infer_schema=False)",
    ]
    for names, listed, kind in (("integers", integers, "Int64"), ("numbers", numbers, "Float64")):
        if listed:
            lines += [
                f"{names} = [{_listed(listed, ' ' * (len(names) + 4))}]",
                f"table = table.with_columns(pl.col({names}).cast(pl.{kind}))",
            ]
    return "\n".join([*lines, "print(table)"])


def _pandas(address: str, numbers: list[str]) -> str:
    lines = ["import pandas as pd", "", f'table = pd.read_csv("{address}", dtype=str, encoding="utf-8-sig")']  # fmt: skip
    if numbers:
        lines += [f"numbers = [{_listed(numbers, '           ')}]", "table[numbers] = table[numbers].apply(pd.to_numeric)"]  # fmt: skip
    return "\n".join([*lines, "print(table)"])


def _r(address: str, numbers: list[str]) -> str:
    lines = [
        f'table <- read.csv("{address}",',
        '                  fileEncoding = "UTF-8-BOM", colClasses = "character",',
        '                  na.strings = "", check.names = FALSE)',
    ]
    if numbers:
        lines += [f"numbers <- c({_listed(numbers, '             ')})", "table[numbers] <- lapply(table[numbers], as.numeric)"]  # fmt: skip
    return "\n".join([*lines, "head(table)"])


def _power_query(address: str, numbers: list[str]) -> str:
    typed = ", ".join(f'{{"{name}", type number}}' for name in numbers)
    last = "Typed" if numbers else "Header"
    lines = [
        "let",
        f'    Source = Csv.Document(Web.Contents("{address}"),',
        '        [Delimiter = ",", Encoding = 65001, QuoteStyle = QuoteStyle.Csv]),',
        "    Header = Table.PromoteHeaders(Source, [PromoteAllScalars = true])"
        + ("," if numbers else ""),
    ]
    if numbers:
        lines.append(f'    Typed = Table.TransformColumnTypes(Header, {{{typed}}}, "ja-JP")')
    return "\n".join([*lines, "in", f"    {last}"])


def _duckdb(entry: Entry, csv: PublicFile, site_url: str | None) -> str:
    parquet = entry.latest.file("Parquet") if entry.latest else None
    if parquet:
        return f"FROM read_parquet('{_address(entry, parquet, site_url)}');"
    return f"FROM read_csv('{_address(entry, csv, site_url)}', header = true, all_varchar = true);"

"""Time the whole line: a CP932 register → normalised, typed, checked Parquet with verdicts.

    python bench/whole_line.py [ROWS] [ROUNDS]

Makes a register of 20 columns with mixed 和暦 dates, phones and a few faults (fixed seed) in a
temporary folder and runs both cases as processes of their own, in turn. `machikane` is the code of
the pipeline: parsing child, text as Parquet, common form in parts with a verdict on every value,
quarantine, rules of keys, account, the contract's promises. `polars` is what a careful person
writes by hand for this one file: decode in blocks, fold four columns, read each different date
once, cast, count nulls, write; no verdicts, no quarantine, no row numbers.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from text_to_parquet import CHUNK, COLUMNS, make_rows  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assets.contract import Contract

BLOCK = 16 << 20
DATES = ["生年月日", "異動日", "住民となった日"]
FOLDED = ["氏名", "氏名カナ", "住所", "方書"]
CASES = ("polars", "machikane")
ERAS = {"M": 1867, "T": 1911, "S": 1925, "H": 1988, "R": 2018}
KANJI = {"明治": "M", "大正": "T", "昭和": "S", "平成": "H", "令和": "R"}


def _column(source: str, kind: str, role: str = "attribute", **more: object) -> dict[str, Any]:
    named = {"source": source, "title": source, "type": kind, "role": role}
    return {**named, "classification": "個人", **more}


REGISTER: dict[str, Any] = {
    "title": "住民記録",
    "description": "計測のための架空の住民記録",
    "owner": {"department": "市民課", "contact": "住民記録係"},
    "legal_basis": "住民基本台帳法",
    "frequency": "monthly",
    "retention": {"years": 5, "basis": "規程"},
    "source": {"file": "住民記録_{year}{month}.csv", "format": "csv", "encoding": "cp932"},
    "key": ["resident_id"],
    "history": "keep_periods",
    "columns": {
        "resident_id": _column("宛名番号", "digits", "identifier", length=10, required=True),
        "household_id": _column("世帯番号", "digits", "identifier", length=10, required=True),
        "full_name": _column("氏名", "name", "direct_identifier", required=True),
        "full_name_kana": _column("氏名カナ", "kana", "direct_identifier"),
        "birth_date": _column("生年月日", "date", "quasi_identifier", required=True),
        "sex_code": _column("性別", "code", "quasi_identifier", labels={"1": "男", "2": "女"}),
        "relationship": _column("続柄", "text"),
        "postal_code": _column("郵便番号", "postal_code", "quasi_identifier"),
        "address": _column("住所", "text", "direct_identifier"),
        "building_name": _column("方書", "text", "direct_identifier"),
        "change_date": _column("異動日", "date"),
        "change_reason_code": _column("異動事由", "digits", length=2),
        "resident_since_date": _column("住民となった日", "date"),
        "phone": _column("電話番号", "phone", "direct_identifier"),
        "nationality_code": _column("国籍コード", "digits", length=3),
        "district_code": _column("行政区コード", "digits"),
        "school_district": _column("小学校区", "text"),
        "income_yen": _column("所得額", "integer", minimum=0),
        "remark": _column("備考", "text"),
        "updated_at": _column("更新日時", "text", pattern=r"\d{4}/\d{2}/\d{2} \d{2}:\d{2}"),
    },
    "checks": [
        {"check": "row_count", "minimum": 1},
        {"check": "complete", "column": "relationship", "share": 0.9},
    ],
}


def make_file(rows: int, path: Path) -> None:
    """Write the register in CP932; one row in a thousand has an impossible day, ten stand twice."""
    with path.open("wb") as out:
        for start in range(0, rows, CHUNK):
            frame = _with_dates(make_rows(start, min(CHUNK, rows - start)), start)
            if start == 0:
                frame = pl.concat([frame, frame.head(10)])
            text = frame.write_csv(include_header=start == 0, line_terminator="\r\n")
            out.write(text.encode("cp932"))


def _with_dates(frame: pl.DataFrame, start: int) -> pl.DataFrame:
    draw = np.random.default_rng([20261124, start])
    count = frame.height
    spelled = {name: _spell(draw, count, first) for name, first in zip(DATES, (-9500, 7300, 3650), strict=True)}  # fmt: skip
    spelled["生年月日"] = spelled["生年月日"].zip_with(
        pl.Series(draw.random(count) > 0.001), pl.Series(["令和5年2月30日"]).new_from_index(0, count)  # noqa: PLR2004
    )  # fmt: skip
    tail = pl.Series(draw.integers(0, 10**8, count)).cast(pl.String).str.zfill(8)
    phone = "090-" + tail.str.head(4) + "-" + tail.str.tail(4)
    blank = pl.Series(draw.random(count) < 0.25)  # noqa: PLR2004
    spelled["電話番号"] = pl.Series([""]).new_from_index(0, count).zip_with(blank, phone)
    return frame.with_columns(series.alias(name) for name, series in spelled.items())


def _spell(draw: np.random.Generator, count: int, first: int) -> pl.Series:
    """Spell random days since `first` (days after 1970) in seven ways."""
    days = pl.Series(draw.integers(first, 20_500, count)).cast(pl.Int32).cast(pl.Date)
    form = pl.Series("form", draw.integers(0, 7, count))
    era = pl.when(pl.col("d") >= pl.date(2019, 5, 1)).then(pl.lit("R"))
    era = era.when(pl.col("d") >= pl.date(1989, 1, 8)).then(pl.lit("H")).otherwise(pl.lit("S"))
    told = pl.DataFrame({"d": days, "form": form}).with_columns(e=era).with_columns(
        y=(pl.col("d").dt.year() - pl.col("e").replace_strict(ERAS)).cast(pl.String),
        m=pl.col("d").dt.month().cast(pl.String), n=pl.col("d").dt.day().cast(pl.String),
        k=pl.col("e").replace_strict({v: k for k, v in KANJI.items()}),
    )  # fmt: skip
    two = [pl.col(c).str.zfill(2) for c in "ymn"]
    forms = [
        pl.format("{}{}年{}月{}日", "k", pl.col("y").replace({"1": "元"}), "m", "n"),
        pl.format("{} {}年 {}月{}日", "k", "y", "m", "n"),
        pl.format("{}{}.{}.{}", "e", *two),
        pl.format("{}{}{}{}", "e", *two),
        pl.format("{}{}/{}/{}", "e", "y", "m", "n"),
        pl.col("d").dt.strftime("%Y/%m/%d"),
        pl.format("{}{}年{}月{}日", "k", "y", "m", "n").str.replace_many(list("0123456789"), list("０１２３４５６７８９")),
    ]  # fmt: skip
    spelled = pl.coalesce(pl.when(pl.col("form") == n).then(f) for n, f in enumerate(forms))
    return told.select(spelled.alias("s")).to_series()


def run_by_hand(source: Path, folder: Path) -> dict[str, Any]:
    """Do it in polars, for this file only."""
    from pyarrow import parquet  # noqa: PLC0415 - each case pays for what it uses

    table = _width_table()
    nulls: dict[str, int] = {}
    writer, rows, names = None, 0, None
    for block in _decoded(source):
        chunk = pl.read_csv(block, has_header=names is None, new_columns=names, infer_schema=False)
        names = chunk.columns
        chunk = _clean(chunk, table)
        rows += chunk.height
        for name, count in chunk.null_count().row(0, named=True).items():
            nulls[name] = nulls.get(name, 0) + count
        arrow = chunk.to_arrow()
        writer = writer or parquet.ParquetWriter(
            folder / "rows.parquet", arrow.schema, compression="zstd", compression_level=1
        )
        writer.write_table(arrow)
    if writer is not None:
        writer.close()
    return {"rows": rows}


def _decoded(path: Path) -> Iterator[bytes]:
    """Give blocks of whole records as UTF-8; a line end within quotes ends no record."""
    with path.open("rb") as handle:
        rest = b""
        while block := handle.read(BLOCK):
            block = rest + block
            end = block.rfind(b"\n") + 1
            while block.count(b'"', 0, end) % 2:
                end = block.rfind(b"\n", 0, end - 1) + 1
            yield block[:end].decode("cp932").encode()
            rest = block[end:]
        if rest:
            yield rest.decode("cp932").encode()


def _width_table() -> tuple[list[str], list[str]]:
    import unicodedata  # noqa: PLC0415 - each case pays for what it uses

    wide = {chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)} | {"　": " "}
    kana = [chr(c) for c in range(0xFF66, 0xFF9E)]
    half = {k: unicodedata.normalize("NFKC", k) for k in kana}
    pairs = {k + m: unicodedata.normalize("NFKC", k + m) for k in kana for m in "ﾞﾟ"}
    joined = {k: v for k, v in pairs.items() if len(v) == 1}
    table = wide | dict.fromkeys("‐–—―−", "-") | half | joined
    return list(table), list(table.values())


def _clean(chunk: pl.DataFrame, table: tuple[list[str], list[str]]) -> pl.DataFrame:
    fold = [pl.col(name).str.replace_many(*table, leftmost=True) for name in FOLDED]
    days = pl.concat([chunk[name] for name in DATES]).unique().drop_nulls()
    read = days.to_frame("text").select("text", day=_day(pl.col("text"), table))
    dates = [
        chunk.select(text=name).join(read, on="text", how="left", maintain_order="left")["day"].alias(name)
        for name in DATES
    ]  # fmt: skip
    return chunk.with_columns(dates).with_columns(
        *fold,
        pl.col("性別").replace_strict({"1": 1, "2": 2, "男": 1, "女": 2}, return_dtype=pl.Int8, default=None),
        pl.col("郵便番号").str.replace_all("-", "", literal=True),
        pl.col("電話番号").str.replace_many(*table, leftmost=True).str.replace_all("[^0-9]", ""),
        pl.col("異動事由").str.replace_many(*table, leftmost=True),
        pl.col("所得額").str.replace_all(",", "", literal=True).cast(pl.Int64, strict=False),
        pl.col("更新日時").str.to_datetime("%Y/%m/%d %H:%M", strict=False),
    )  # fmt: skip


def _day(text: pl.Expr, table: tuple[list[str], list[str]]) -> pl.Expr:
    folded = text.str.replace_many(*table, leftmost=True).str.replace_many(
        [*KANJI, "元", " "], [*KANJI.values(), "1", ""]
    )
    part = folded.str.extract_groups(
        r"^(?<era>[MTSHR])?(?<y>\d{4}|\d{1,2})[./年]?(?<m>\d{1,2})[./月]?(?<d>\d{1,2})日?$"
    )
    year = part.struct.field("y").cast(pl.Int32)
    first = part.struct.field("era").replace_strict(ERAS, default=0, return_dtype=pl.Int32)
    spelled = pl.format("{}-{}-{}", year + first, part.struct.field("m"), part.struct.field("d"))
    return spelled.str.to_date("%Y-%m-%d", strict=False)


def run_ours(source: Path, folder: Path) -> dict[str, Any]:
    """Run the code of the pipeline without its lake, which the other case has not either."""
    import duckdb  # noqa: PLC0415 - each case pays for what it uses

    from assets.contract import Contract  # noqa: PLC0415
    from assets.expectations import PERIOD  # noqa: PLC0415
    from warehouse.normalising.delivery import normalise_delivery  # noqa: PLC0415
    from warehouse.promises import BLANK, REPEATED, Count, StagedTable  # noqa: PLC0415
    from warehouse.readers.child import ParsingChild  # noqa: PLC0415

    contract: Contract = Contract.model_validate(REGISTER)
    with ParsingChild() as child:
        read = child.store(source, contract, "2026-04", source.name, folder / "raw.parquet")
    done = normalise_delivery(_parts(read.rows), contract, folder)
    files = [path.as_posix() for path in done.rows.paths]
    query = f"SELECT '2026-04' AS {PERIOD}, * FROM read_parquet({files})"
    asked = [Count(BLANK, (n,), {}) for n, c in contract.columns.items() if c.required]
    asked.append(Count(REPEATED, (PERIOD, *contract.key), {}))
    with duckdb.connect() as con:
        answers = StagedTable(con, query).count(asked)
    if any(answers):
        raise RuntimeError(answers)
    return {
        "rows": done.rows_out, "quarantined": done.bad.len(), "faults": done.quarantine.count(),
        "verdicts": done.verdicts.count(), "checks": len(answers), "counts": done.counts.height,
    }  # fmt: skip


def _parts(path: Path) -> Iterator[pl.DataFrame]:
    from warehouse.normalising.delivery import PART_ROWS  # noqa: PLC0415

    rows = pl.scan_parquet(path)
    for start in range(0, rows.select(pl.len()).collect().item(), PART_ROWS):
        yield rows.slice(start, PART_ROWS).collect()


def measure(case: str, source: Path) -> dict[str, Any]:
    """Run one case; give its CPU seconds with its children's, and its largest process in MB."""
    watched = (
        "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:]);"
        "r = resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(r.ru_utime + r.ru_stime, r.ru_maxrss); sys.exit(done.returncode)"
    )
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", watched, sys.executable, __file__, case, str(source), folder],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    about, used = done.stdout.splitlines()
    seconds, peak = used.split()
    size = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return {**json.loads(about), "cpu": float(seconds), "mb": float(peak) / size}


def main() -> None:
    """Make the file, run the cases in turn, print the table."""
    if sys.argv[1:2] and sys.argv[1] in CASES:
        work = run_by_hand if sys.argv[1] == "polars" else run_ours
        print(json.dumps(work(Path(sys.argv[2]), Path(sys.argv[3]))))
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3  # noqa: PLR2004 - the second argument
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        make_file(rows, folder / "住民記録_202604.csv")
        seen = [
            {c: measure(c, folder / "住民記録_202604.csv") for c in CASES} for _ in range(rounds)
        ]
    finally:
        shutil.rmtree(folder)
    print(f"{rows:,} rows × {len(COLUMNS)} columns, medians of {rounds} rounds")
    print(f"{'case':12} {'CPU s':>8} {'peak MB':>8} {'ratio':>6}")
    for case in CASES:
        ratio = statistics.median(one[case]["cpu"] / one[CASES[0]]["cpu"] for one in seen)
        cpu, peak = (statistics.median(one[case][k] for one in seen) for k in ("cpu", "mb"))
        print(f"{case:12} {cpu:8.2f} {peak:8.0f} {ratio:6.2f}")
    print(json.dumps(seen[0][CASES[1]]))


if __name__ == "__main__":
    main()

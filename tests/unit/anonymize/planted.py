"""Clean candidates of several kinds, for faults to be planted in."""

from typing import Any

import numpy as np
import polars as pl

from anonymize.cells import add_margins, round_cells
from anonymize.gate import ReleasePolicy
from anonymize.gate_candidate import Case, LawCase
from anonymize.gate_records import RecordClaims
from anonymize.hierarchy.hierarchy import hierarchy_of_rows
from anonymize.law.facts import ColumnFact, Declaration
from anonymize.records.models import DistinctL, EqualT, KAnonymity

KEY = bytes(range(32))
QUASI, SENSITIVE = ("town", "age_band", "sex"), ("job",)
COLUMNS = (*QUASI, *SENSITIVE)
TOWNS, BANDS = ("北校区", "南校区", "東校区"), ("0-19", "20-64", "65+")
JOBS = ("会社員", "自営業", "学生", "無職")
CELLS = ("m0", "m1", "f0", "f1")


def people(rows=720, seed=1):
    """Give rows of persons: 18 classes of 40, four jobs in each."""
    draw = np.random.default_rng(seed)
    i = np.arange(rows)
    frame = pl.DataFrame(
        {
            "town": np.array(TOWNS)[i % 3],
            "age_band": np.array(BANDS)[i // 3 % 3],
            "sex": np.array(["男", "女"])[i // 9 % 2],
            "job": np.array(JOBS)[draw.permuted(i // 18 % 4)],
        }
    )
    return frame[draw.permutation(rows)]


def claims(**options):
    """Give what the rows of persons claim."""
    ladder = [[t, "市内", "*"] for t in TOWNS]
    ages = [[b, "全年齢", "*"] for b in BANDS]
    usual: dict[str, Any] = {
        "quasi_identifiers": QUASI,
        "sensitive": SENSITIVE,
        "models": (KAnonymity(5), DistinctL(2, "job"), EqualT(0.4, "job")),
        "suppression_limit": 0.05,
        "hierarchies": {
            "town": hierarchy_of_rows("town", ladder),
            "age_band": hierarchy_of_rows("age_band", ages),
        },
    }
    return RecordClaims(**{**usual, **options})


def declaration(**options):
    """Give the answers of a person about rows of persons."""
    usual: dict[str, Any] = {
        "basis": "匿名加工情報",
        "manner": "公開",
        "sensitive_columns": (),
        "nature_of_file": "校区の人数は200人以上、報道された出来事はない",
        "known_to_outsiders": "近所の人は校区・年齢・性別を知りうる",
        "answered_by": "情報政策課 係長",
        "legal_review": "法務課 2026-04-01",
    }
    return Declaration(**{**usual, **options})


def facts(*more):
    """Give the source's columns and what became of them."""
    return (
        ColumnFact("resident_id", "宛名番号", "個人", "identifier", "digits", "削除"),
        ColumnFact("name", "氏名", "個人", "direct_identifier", "name", "削除"),
        ColumnFact("my_number", "個人番号", "特定個人", "direct_identifier", "my_number", "削除"),
        *(ColumnFact(n, n, "個人", "quasi_identifier", "text", "一般化", ("k",)) for n in QUASI),
        ColumnFact("job", "職業", "個人", "attribute", "text", "そのまま", ("l", "t")),
        *more,
    )


def of_people(table=None, *, said=None, zone="secure", columns=None, law=None, **options):
    """Give a candidate of rows of persons; options change its claims or the case."""
    rows = people() if table is None else table
    case = {n: options.pop(n) for n in ("earlier", "attacks") if n in options}
    policy = {n: options.pop(n) for n in ("column_classes", "declared_columns") if n in options}
    declared = policy.get("declared_columns", tuple(rows.columns))
    usual: dict[str, Any] = {
        "declared_columns": declared,
        "column_classes": dict.fromkeys(declared, "公開"),
    }
    return Case(
        rows,
        ReleasePolicy(**{**usual, **policy, "records": claims(**options)}),
        law or LawCase(columns or facts(), declaration() if said is None else said, zone),
        **case,
    )


def counts(base=5):
    """Give rounded counts by town."""
    raw = pl.DataFrame(
        {
            "town": [f"{n}丁目" for n in range(1, 13)],
            **{name: [40 + n * (7 + i) % 90 for n in range(12)] for i, name in enumerate(CELLS)},
        }
    )
    return add_margins(round_cells(raw, "town", CELLS, base=base, key=KEY), {"total": CELLS})


def of_counts(table=None, *, said=None, attacks=None, **options):
    """Give a candidate of counts by town."""
    rows = counts() if table is None else table
    names = ("town", *CELLS, "total")
    policy: dict[str, Any] = {
        "declared_columns": names,
        "column_classes": dict.fromkeys(names, "公開"),
        "count_columns": (*CELLS, "total"),
        "rounding_base": 5,
        "total_column": "total",
        "minimum_region_total": 100,
        "sums": {"total": CELLS},
    }
    answers = declaration(basis="統計情報", legal_review=None)
    law = LawCase(
        tuple(ColumnFact(n, n, "公開", None, "integer", "一般化") for n in names),
        answers if said is None else said,
        "secure",
    )
    attack = {"前月との差分": lambda: ()} if attacks is None else attacks
    return Case(rows, ReleasePolicy(**{**policy, **options}), law, attacks=attack)


def facilities():
    """Give a list of public facilities, with phones, addresses and offices held."""
    return pl.DataFrame(
        {
            "名称": ["中央図書館", "緑地公園 管理事務所", "山田町会館"],
            "所在地": ["豊中市中桜塚3丁目1番1号", "豊中市寺内1-2-3", "豊中市山田町5番地"],
            "電話番号": ["06-6858-2525", "(06)6843-4553", "0120-123-456"],
            "代表者": ["館長", "所長", "自治会長"],
            "メール": ["library@city.example.lg.jp", None, None],
            "緯度": ["34.78123", "34.7712", "34.7799"],
            "経度": ["135.46901", "135.0801", "135.4711"],
            "開設": ["1975-04-01", "1998-10-01", "2001-04-01"],
            "備考": ["駐車場は50台", "雨天時は閉鎖", "山田町内の方が使えます"],
        }
    )


def of_facilities(table=None, **options):
    """Give a candidate that is a list of facilities."""
    rows = facilities() if table is None else table
    names = tuple(rows.columns)
    usual: dict[str, Any] = {
        "declared_columns": names,
        "column_classes": dict.fromkeys(names, "公開"),
    }
    return Case(rows, ReleasePolicy(**{**usual, **options}))

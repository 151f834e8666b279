"""Common or internal → link: which records of several datasets are one person or place, and why.

`<zone>.link.<id>` holds a line for every linked pair and every pair that a person has to decide; the
zone is `secure` as soon as one dataset holds persons, else `internal`.

Belongs here: reading the newest period, the fingerprint, writing, the account. Must not hold: how
keys are made, pairs scored or decided (the modules beside).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from assets.register import fingerprint
from warehouse.account import Account, Outcome, code_fingerprint
from warehouse.history.as_of import newest
from warehouse.lake import (
    Loaded,
    Zone,
    comment,
    has_table,
    loaded,
    record,
    replace_rows,
    transaction,
)
from warehouse.linkage.decision import DECIDED, LINK, REVIEW, RIVAL, decide_pairs, number_clusters
from warehouse.linkage.matching_keys import KEY, make_keys
from warehouse.linkage.scoring import FLOOR, PAIRS, open_engine, score_pairs
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from assets.linkage import Linkage, LinkedDataset
    from assets.register import DeclaredLinkage, Register
    from warehouse.home import Home
    from warehouse.linkage.scoring import Scores

SCHEMA = "link"
WAITING, ALONE = "人の確認を待つ", "結びつく相手なし"
EDGES = (FLOOR, 0.1, 0.5, 0.9, 0.99, 0.999)
_SEPARATOR = "|"
TITLES = {
    "left_dataset": "データセット(左)",
    "left_key": "キー(左)",
    "right_dataset": "データセット(右)",
    "right_key": "キー(右)",
    "probability": "同じである確率",
    "weight": "証拠の重み(log2)",
    "decision": "判定(link: 結んだ、review: 人の確認を待つ)",
    "reason": "人の確認を待つ理由",
    "cluster_id": "結ばれたまとまりの番号",
    "explanation": "説明",
}


@dataclass(frozen=True)
class Tally:
    """What became of the records of one dataset: rows = linked + review + unlinked."""

    rows: int
    linked: int
    review: int

    @property
    def unlinked(self) -> int:
        """Count the records without any partner worth a look."""
        return self.rows - self.linked - self.review


@dataclass(frozen=True)
class Facts:
    """What a linkage tells of itself, without any value of a record.

    Attributes:
        tallies: dataset → what became of its records.
        pairs: pairs compared.
        links: pairs linked.
        reviews: pairs for a person to decide.
        rivals: pairs dropped because one of the two is linked with a likelier partner.
        histogram: pairs compared by probability, between the bounds of `EDGES`.
        chances: comparison → its m and u, as declared or estimated.
    """

    tallies: dict[str, Tally]
    pairs: int
    links: int
    reviews: int
    rivals: int
    histogram: list[int]
    chances: dict[str, dict[str, list[float]]]

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Facts:
        """Read what `asdict` gave."""
        tallies = {name: Tally(**tally) for name, tally in values["tallies"].items()}
        return replace(cls(**values), tallies=tallies)


def zone_of(linkage: Linkage, register: Register) -> Zone:
    """Give the zone of a linkage: that of its most sensitive dataset."""
    contracts = [register.datasets[d.dataset].contract for d in linkage.datasets]
    personal = linkage.subject == "person" or any(c.is_personal for c in contracts)
    return "secure" if personal else "internal"


def asset_of(name: str) -> str:
    """Name the asset of a linkage in the zone's account."""
    return f"{SCHEMA}/{name}"


def read_facts(con: duckdb.DuckDBPyConnection, zone: Zone, name: str) -> Facts | None:
    """Read what the last run of a linkage told of itself."""
    known = loaded(con, zone, asset_of(name)).get("")
    facts: Any = known.account["linkage"] if known else None
    return Facts.from_json(facts) if facts else None


def build_linkage(
    con: duckdb.DuckDBPyConnection, home: Home, register: Register, declared: DeclaredLinkage
) -> Outcome:
    """Bring `<zone>.link.<id>` up to its datasets; unchanged ones give nothing to do.

    Args:
        con: The lake, the zone of the linkage attached for writing.
        home: Where the engine may put down, encrypted, what does not fit into memory.
        register: The datasets' contracts and the city.
        declared: The linkage.

    Raises:
        Refusal: `linkage.scheme` for a scheme that is none, `linkage.too_many_pairs`,
            `linkage.engine`.
    """
    zone, asset = zone_of(declared.spec, register), asset_of(declared.name)
    new_print = _fingerprint(con, zone, declared)
    known = loaded(con, zone, asset).get("")
    is_there = has_table(con, zone, SCHEMA, declared.name)
    if known and known.fingerprint == new_print and is_there:
        return Outcome(asset, Account.from_json(known.account), new_print, changed=False)
    frames = [_read_keys(con, zone, register, declared.spec, d) for d in declared.spec.datasets]
    rows, facts = link_frames(home, declared.name, declared.spec, frames)
    account = _account(facts, declared.spec)
    entry = {**account.as_json(), "linkage": asdict(facts)}
    with transaction(con, zone, asset):
        replace_rows(con, (zone, SCHEMA, declared.name), rows, remove=None)
        record(con, zone, [Loaded(asset, "", new_print, entry)])
        comment(con, f"{zone}.{SCHEMA}.{declared.name}", declared.spec.title, TITLES)
    return Outcome(asset, account, new_print, changed=True)


def link_frames(
    home: Home, name: str, linkage: Linkage, frames: list[pl.DataFrame]
) -> tuple[pl.DataFrame, Facts]:
    """Link records whose keys are made already; the same frames give the same links.

    Args:
        home: Where the engine may put down, encrypted, what does not fit into memory.
        name: Id of the linkage: cluster ids are made from it.
        linkage: What is declared.
        frames: A frame of keys a dataset (`make_keys`), in the order of the linkage.

    Returns:
        The pairs to keep (columns `TITLES`), and the facts.
    """
    with open_engine(home.work) as engine:
        scores = score_pairs(engine, linkage, frames)
        decide_pairs(engine, linkage)
        number_clusters(engine, name)
        rows = engine.sql(
            f"SELECT {', '.join(f'd.{c}' if c != 'cluster_id' else c for c in TITLES)} "
            f"FROM {DECIDED} AS d LEFT JOIN clusters "
            f"ON node = CASE WHEN decision = '{LINK}' THEN left_dataset || ':' || left_key END "
            f"WHERE decision <> '{RIVAL}' "
            "ORDER BY left_dataset, left_key, probability DESC, right_dataset, right_key"
        ).pl()
        return rows, _facts(engine, linkage, frames, scores)


def _fingerprint(con: duckdb.DuckDBPyConnection, zone: Zone, declared: DeclaredLinkage) -> str:
    """Hash all that the links depend on: the rows, the YAML, our code and splink's."""
    prints = []
    for linked in declared.spec.datasets:
        entries = loaded(con, zone, _source(zone, linked))
        prints += [f"{linked.dataset}:{d}:{e.fingerprint}" for d, e in sorted(entries.items())]
    code = f"{code_fingerprint()}:{version('splink')}"
    return fingerprint("\n".join(prints).encode(), declared.fingerprint.encode(), code.encode())


def _source(zone: Zone, linked: LinkedDataset) -> str:
    return f"{'common' if zone == 'secure' else 'internal'}/{linked.dataset}"


def _read_keys(
    con: duckdb.DuckDBPyConnection,
    zone: Zone,
    register: Register,
    linkage: Linkage,
    linked: LinkedDataset,
) -> pl.DataFrame:
    """Read the newest state of a dataset and make its keys."""
    contract = register.datasets[linked.dataset].contract
    columns = dict.fromkeys(name for names in linked.columns.values() for name in names)
    table = f"{zone}.common.{linked.dataset}"
    key = ", ".join(f'CAST("{name}" AS VARCHAR)' for name in contract.key)
    listed = ", ".join(f'"{column}"' for column in columns)
    rows = con.sql(
        f"SELECT concat_ws('{_SEPARATOR}', {key}) AS {KEY}, {listed} FROM {table} "
        f"WHERE {newest(con, table)} ORDER BY {KEY}"
    ).pl()
    try:
        return make_keys(rows, linked, linkage.keys, register.city)
    except ValueError as error:
        what = str(error)
    raise Refusal("linkage.scheme", what, linkage.title, "keys の scheme を直してください。")


def _facts(
    engine: duckdb.DuckDBPyConnection,
    linkage: Linkage,
    frames: list[pl.DataFrame],
    scores: Scores,
) -> Facts:
    counts = dict(
        engine.sql(f"SELECT decision, count(*) FROM {DECIDED} GROUP BY decision").fetchall()
    )
    bins = " + ".join(f"(match_probability >= {edge})::INTEGER" for edge in EDGES)
    found = dict(engine.sql(f"SELECT {bins} AS bin, count(*) FROM {PAIRS} GROUP BY bin").fetchall())
    likely = [int(found.get(bin_, 0)) for bin_ in range(1, len(EDGES) + 1)]
    names = [d.dataset for d in linkage.datasets]
    return Facts(
        tallies={n: _tally(engine, n, f.height) for n, f in zip(names, frames, strict=True)},
        pairs=scores.compared,
        links=int(counts.get(LINK, 0)),
        reviews=int(counts.get(REVIEW, 0)),
        rivals=int(counts.get(RIVAL, 0)),
        histogram=[scores.compared - sum(likely), *likely],
        chances={name: {"m": [*c.m], "u": [*c.u]} for name, c in scores.chances.items()},
    )


def _tally(engine: duckdb.DuckDBPyConnection, dataset: str, rows: int) -> Tally:
    """Count each record once, by the best that became of it."""
    sides = " UNION ALL ".join(
        f"SELECT {side}_key AS key, decision = '{LINK}' AS linked FROM {DECIDED} "
        f"WHERE {side}_dataset = '{dataset}' AND decision <> '{RIVAL}'"
        for side in ("left", "right")
    )
    counted = engine.sql(
        "SELECT count(*) FILTER (linked), count(*) FILTER (NOT linked) FROM "
        f"(SELECT key, bool_or(linked) AS linked FROM ({sides}) GROUP BY key)"
    ).fetchall()
    return Tally(rows, *counted[0])


def _account(facts: Facts, linkage: Linkage) -> Account:
    """Account for the rows of the first dataset: in = linked + for a person + without a partner."""
    first = facts.tallies[linkage.datasets[0].dataset]
    aside = {WAITING: first.review, ALONE: first.unlinked}
    set_aside = {reason: count for reason, count in aside.items() if count}
    return Account(rows_in=first.rows, rows_out=first.linked, set_aside=set_aside)

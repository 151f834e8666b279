"""From scored pairs to decisions: linked, for a person to decide, or nothing.

A pair is linked when it reaches `link`, some key that is no name agrees, and, one to one, it leads
every rival by `lead`. What only reaches `review` is listed for a person and linked by nobody else.

Belongs here: the laws of deciding, and the clusters. Must not hold: how a pair is scored (`scoring`).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from warehouse.linkage.explanation import explain
from warehouse.linkage.model import SOURCE
from warehouse.linkage.scoring import PAIRS, table_name

if TYPE_CHECKING:
    import duckdb

    from assets.linkage import Linkage

DECIDED = "decided"
LINK, REVIEW, RIVAL = "link", "review", "rival"
BELOW = "確率が自動で結ぶ値に届きません"
NAME_ONLY = "名前のほかに一致した項目がありません"
CLOSE_RIVAL = "同じくらい確からしい相手がほかにいます"
_SIDES = (("left", "right"), ("right", "left"))


def decide_pairs(con: duckdb.DuckDBPyConnection, linkage: Linkage) -> None:
    """Make the table `decided` from `pairs`: decision, reason, explanation of every kept pair."""
    con.sql(f"CREATE OR REPLACE TABLE candidates AS {_candidates(linkage)}")
    con.sql(f"CREATE OR REPLACE TABLE ranked AS {_ranked(linkage)}")
    con.sql(f"CREATE OR REPLACE TABLE {DECIDED} AS {_decided(linkage)}")


def _candidates(linkage: Linkage) -> str:
    """Name both sides, tell whether anything but a name agrees, and explain."""
    alone = len(linkage.datasets) == 1
    names = " ".join(
        f"WHEN '{table_name(n)}' THEN '{d.dataset}'" for n, d in enumerate(linkage.datasets)
    )
    dataset = f"'{linkage.datasets[0].dataset}'"
    left, right = (dataset if alone else f"CASE {SOURCE}_{s} {names} END" for s in "lr")
    facts = [c.key for c in linkage.comparisons if not linkage.keys[c.key].is_name]
    supported = " OR ".join(f'"gamma_{key}" > 0' for key in facts)
    return f"""
        SELECT {left} AS left_dataset, unique_id_l AS left_key,
               {right} AS right_dataset, unique_id_r AS right_key,
               match_probability AS probability, match_weight AS weight,
               ({supported}) AS supported, {explain(linkage)} AS explanation
        FROM {PAIRS} WHERE match_probability >= {linkage.thresholds.review}"""


def _ranked(linkage: Linkage) -> str:
    """Add the weight of the best rival: another pair of either record with the same dataset."""
    if linkage.matching == "many":
        return "SELECT *, NULL::DOUBLE AS rival FROM candidates"
    windows, rivals = [], []
    for near, far in _SIDES:
        group = f"{near}_dataset, {near}_key, {far}_dataset, supported"
        windows.append(f"{near}_side AS (PARTITION BY {group} ORDER BY weight DESC, {far}_key)")
        rivals.append(
            f"CASE WHEN row_number() OVER {near}_side = 1 THEN lead(weight) OVER {near}_side "
            f"ELSE first_value(weight) OVER {near}_side END"
        )
    # A pair that no fact supports is nobody's rival.
    return f"SELECT *, greatest({', '.join(rivals)}) AS rival FROM candidates WINDOW {', '.join(windows)}"


def _decided(linkage: Linkage) -> str:
    limits = linkage.thresholds
    strong = f"supported AND probability >= {limits.link}"
    free = f"(rival IS NULL OR (weight > rival AND weight - rival >= {limits.lead}))"
    taken = " OR ".join(
        f"({n}_dataset, {n}_key, {f}_dataset) IN "
        f"(SELECT ({n}_dataset, {n}_key, {f}_dataset) FROM ranked WHERE {strong} AND {free})"
        for n, f in _SIDES
    )
    rival = f"WHEN {taken} THEN '{RIVAL}'" if linkage.matching == "one_to_one" else ""
    return f"""
        SELECT left_dataset, left_key, right_dataset, right_key, probability, weight,
               CASE WHEN {strong} AND {free} THEN '{LINK}' {rival} ELSE '{REVIEW}' END AS decision,
               CASE WHEN NOT supported THEN '{NAME_ONLY}'
                    WHEN probability < {limits.link} THEN '{BELOW}'
                    WHEN NOT {free} THEN '{CLOSE_RIVAL}' END AS reason,
               explanation
        FROM ranked"""


def number_clusters(con: duckdb.DuckDBPyConnection, linkage: str) -> None:
    """Make the table `clusters` (`dataset, key, cluster_id`) of the records that links join.

    The id of a cluster is a hash of the linkage and its first record: the same on every run.
    """
    con.sql(
        f"CREATE OR REPLACE TABLE edges AS SELECT left_dataset || ':' || left_key AS node_l, "
        f"right_dataset || ':' || right_key AS node_r FROM {DECIDED} WHERE decision = '{LINK}'"
    )
    con.sql(
        "CREATE OR REPLACE TABLE nodes AS "
        "SELECT node_l AS node FROM edges UNION SELECT node_r FROM edges"
    )
    members = _connect(con) if con.sql("FROM nodes LIMIT 1").fetchone() else "nodes"
    first = "cluster_id" if members != "nodes" else "node"
    con.sql(
        f"CREATE OR REPLACE TABLE clusters AS "
        f"SELECT node, left(sha256('{linkage}:' || min(node) OVER (PARTITION BY {first})), 16) "
        f"AS cluster_id FROM {members}"
    )


def _connect(con: duckdb.DuckDBPyConnection) -> str:
    """Find the connected components, and name the table that holds them."""
    logging.getLogger("splink").setLevel(logging.CRITICAL + 1)
    from splink import DuckDBAPI  # noqa: PLC0415
    from splink.clustering import cluster_pairwise_predictions_at_threshold  # noqa: PLC0415

    api = DuckDBAPI(connection=con)
    found = cluster_pairwise_predictions_at_threshold(
        "nodes", "edges", api, node_id_column_name="node"
    )
    return found.physical_name

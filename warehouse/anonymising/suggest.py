"""A policy proposed for a table, and three points between risk and loss, measured with it.

Here stands the order of the steps: profile, propose, write, measure, draw.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.anonymisation import load_policy
from assets.anonymisation_models import K
from warehouse.anonymising.curve import Point, draw_curve
from warehouse.anonymising.drafted_policy import FULL_DOMAIN, LOCAL, hierarchy_files, policy_text
from warehouse.anonymising.prepared import Prepared, prepare
from warehouse.anonymising.profile import contributions, share_unique
from warehouse.anonymising.proposal import Proposed, Said, propose
from warehouse.anonymising.publish import publish
from warehouse.anonymising.recoding import count_nodes, recode
from warehouse.anonymising.remeasured import remeasure
from warehouse.anonymising.report import risk_of, utility_of
from warehouse.anonymising.source import Source, Spelling
from warehouse.anonymising.target import Target
from warehouse.anonymising.texts import text_frame
from warehouse.atomic import write_atomically
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

KS = (3, 5, 10)
_MIDDLE = 5
_ROWS_SEEN = 500_000
# Three searches of more than this would be waited for in vain.
_MOST_NODES = 200_000


@dataclass(frozen=True)
class Suggestion:
    """What was proposed and measured.

    Attributes:
        folder: where policy, hierarchies, curve and numbers were written.
        proposed: every column's part.
        contributions: quasi-identifier → by how much it raises the share of unique rows.
        unique: share of rows that the quasi-identifiers single out before anything is done.
        points: the table as it is, and one publication per k.
        missing: k for which nothing satisfies the proposal, with the reason.
    """

    folder: Path
    proposed: list[Proposed]
    contributions: dict[str, float]
    unique: float
    points: list[Point]
    missing: dict[int, str]


def suggest(source: Source, said: Mapping[str, Said], folder: Path, *, year: int) -> Suggestion:
    """Propose a policy for a table and write it into a new folder.

    Args:
        source: the table.
        said: what the register says of its columns; empty for a file.
        folder: where to write; not yet there, or empty.
        year: of today.

    Raises:
        Refusal: `suggest.folder`, `suggest.nothing`, and what reading refuses.
    """
    _require_new(folder)
    frame = _seen(source)
    proposed = propose(frame, said, today_year=year)
    known = [one.profile.column for one in proposed if one.part == "quasi_identifiers"]
    if not known or frame.is_empty():
        raise Refusal(
            "suggest.nothing",
            "行がないか、外の人が知り得る列(準識別子)が見つかりません。",
            source.path.name,
            "行のある、人ごとの表を渡してください。",
        )
    gained = contributions(frame, known)
    text = policy_text(proposed, gained, table=source.path.name, k=_MIDDLE)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in hierarchy_files(proposed).items():
        write_atomically(folder / name, content)
    write_atomically(folder / "policy.yaml", text)
    points, missing = _measure(source, folder, text)
    title = f"リスクと有用性: {source.path.name}"
    write_atomically(folder / "curve.svg", draw_curve(points, title))
    suggestion = Suggestion(folder, proposed, gained, share_unique(frame, known), points, missing)
    numbers = json.dumps(_numbers(suggestion), ensure_ascii=False, indent=2)
    write_atomically(folder / "suggest.json", numbers + "\n")
    return suggestion


def _require_new(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refusal(
            "suggest.folder",
            "案を書くフォルダに、すでにファイルがあります。",
            str(folder),
            "--out に、まだないフォルダの名前を書いてください(上書きはしません)。",
        )


def _seen(source: Source) -> pl.DataFrame:
    """Take the rows as text, evenly spread ones of a large table."""
    import polars as pl  # noqa: PLC0415 - at run time, beside the type

    rows = sum(batch.num_rows for batch in source.batches())
    step = -(-rows // _ROWS_SEEN) or 1
    parts, seen = [], 0
    for batch in source.batches():
        parts.append(text_frame(batch, source.columns).gather_every(step, -seen % step))
        seen += batch.num_rows
    return pl.concat(parts)


def _measure(source: Source, folder: Path, text: str) -> tuple[list[Point], dict[int, str]]:
    """Anonymise with every k in turn; nothing of it is kept but the numbers.

    Where there are too many combinations of levels to search, the policy is turned to local
    recoding first.
    """
    policy = load_policy(folder / "policy.yaml")
    if count_nodes(prepare(policy, folder, source).hierarchies) > _MOST_NODES:
        write_atomically(folder / "policy.yaml", text.replace(FULL_DOMAIN, LOCAL))
        policy = load_policy(folder / "policy.yaml")
    points: list[Point] = []
    missing: dict[int, str] = {}
    for k in KS:
        asked = policy.model_copy(update={"models": [K(k=k)]})
        prepared = prepare(asked, folder, source)
        if not points:
            points.append(_untouched(prepared))
        point = _point(prepared, k, folder)
        if isinstance(point, Point):
            points.append(point)
        else:
            missing[k] = point
    return points, missing


def _untouched(prepared: Prepared) -> Point:
    groups = prepared.groups
    told = risk_of(groups, groups.rows < 0, prepared.policy)
    smallest = int(groups.sizes.min()) if len(groups.sizes) else 0
    chances = told["prosecutor_mean"], told["prosecutor_max"]
    return Point("元のまま", *chances, 0.0, 0.0, 0.0, 0.0, smallest)


def _point(prepared: Prepared, k: int, folder: Path) -> Point | str:
    recoding = recode(prepared)
    if recoding.published is None:
        return recoding.reason
    with (
        # Rows of persons are not spilled elsewhere than where the answer is written.
        tempfile.TemporaryDirectory(dir=folder) as trial,
        Target(Path(trial) / "trial.parquet", Spelling()) as target,
    ):
        for batch in publish(prepared, recoding.published):
            target.write(batch)
        written = Source(target.finish(), suffix=".parquet")
        measured = remeasure(
            prepared.policy, prepared.source, written, recoding.published, prepared.models
        )
    risk = risk_of(measured.groups, measured.suppressed, prepared.policy)
    lost = utility_of(measured, prepared.hierarchies, prepared.policy)
    kept = measured.groups.sizes[~measured.suppressed]
    hidden = int(measured.groups.rows[measured.suppressed].sum())
    return Point(
        f"k={k}",
        risk["prosecutor_mean"],
        risk["prosecutor_max"],
        lost["ncp"],
        lost["entropy"],
        lost["query_error"],
        hidden / max(measured.groups.total_rows, 1),
        int(kept.min()) if len(kept) else 0,
    )


def _numbers(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "unique_share": suggestion.unique,
        "columns": [
            {
                **asdict(one.profile),
                "part": one.part,
                "reason": one.reason,
                "uniqueness_contribution": suggestion.contributions.get(one.profile.column),
            }
            for one in suggestion.proposed
        ],
        "points": [asdict(point) for point in suggestion.points],
        "missing": suggestion.missing,
    }

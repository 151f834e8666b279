"""The account of one anonymisation as JSON: what was asked, what was found, what was measured.

Here stands the shape of `report.json`. All numbers of classes, risk and utility are those of the
written file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from anonymize.records.utility import measure
from anonymize.risk.classes import Classes
from anonymize.risk.reidentification import prosecutor
from warehouse.anonymising.models_measured import as_json, measure_models, measure_whole_table
from warehouse.anonymising.recoding import weights_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anonymize.hierarchy.hierarchy import Hierarchy
    from anonymize.records.groups import Groups, Pairs
    from assets.anonymisation import Policy
    from warehouse.anonymising.prepared import Prepared
    from warehouse.anonymising.recoding import Recoding
    from warehouse.anonymising.remeasured import Remeasured

_DEFAULT_K = 5
_ROUNDING = 1e-12
STAR = (
    "「*」は1つの値として数えています。秘匿した行どうしだけが同じ組になり、"
    "秘匿した行は models の対象外です(何にでも一致するとは数えません)。"
)


def risk_of(groups: Groups, suppressed: np.ndarray, policy: Policy) -> dict[str, Any]:
    """Measure how likely a row is found by its quasi-identifiers, and its sensitive value learned.

    Args:
        groups: the classes of a table.
        suppressed: which of them hold suppressed rows; they are left out.
        policy: its k is the threshold.
    """
    kept = ~suppressed
    rows, persons = groups.rows[kept], groups.sizes[kept]
    threshold = 1 / smallest_k(policy)
    told: dict[str, Any] = {
        "counted": "persons" if policy.person else "rows",
        "threshold": threshold,
        "rows": int(rows.sum()),
    }
    if not len(rows):
        return {**told, "prosecutor_max": 0.0, "prosecutor_mean": 0.0, "share_above": 0.0}
    classes = Classes(
        pl.DataFrame({"class": np.arange(len(rows))}),
        np.repeat(np.arange(len(rows)), rows),
        rows,
        persons,
        np.zeros(len(rows), np.bool_),
    )
    found = prosecutor(classes, threshold)
    return {
        **told,
        "prosecutor_max": found.highest,
        "prosecutor_mean": found.mean,
        "share_above": found.share_above,
        "alone": int((persons == 1).sum()),
        "attribute": {
            name: _certain(pairs, kept, groups) for name, pairs in groups.sensitive.items()
        },
    }


def _certain(pairs: Pairs, kept: np.ndarray, groups: Groups) -> dict[str, Any]:
    """Count the rows whose class shows one sensitive value only: it is learned for certain."""
    values = np.bincount(pairs.group, minlength=len(groups.rows))
    one = (values == 1) & kept
    total = int(groups.rows[kept].sum())
    return {
        "certain_rows": int(groups.rows[one].sum()),
        "certain_share": int(groups.rows[one].sum()) / max(total, 1),
        "fewest_values": int(values[kept].min()) if kept.any() else 0,
    }


def smallest_k(policy: Policy) -> int:
    """Give the largest k that the policy asks of every class; 5 where it asks none."""
    asked = [k for model in policy.models if (k := getattr(model, "k", None))]
    return max(asked, default=_DEFAULT_K)


def utility_of(
    measured: Remeasured, hierarchies: Sequence[Hierarchy], policy: Policy
) -> dict[str, Any]:
    """Measure the three losses that are always given together."""
    pair, known = measured.pair, [h.column for h in hierarchies]
    before, after = pair.before.select(known), pair.after.select(known)
    lost = measure(before, after, hierarchies, weights=weights_of(policy), seed=policy.seed)
    return {
        "ncp": lost.ncp,
        "entropy": lost.entropy,
        "query_error": lost.query_error,
        "every_nth_row": measured.step,
        "columns": {
            name: {"ncp": ncp, "entropy": entropy} for name, (ncp, entropy) in lost.columns.items()
        },
    }


def report_not_found(prepared: Prepared, recoding: Recoding) -> dict[str, Any]:
    """Tell why nothing satisfies the policy, and what may be relaxed."""
    asked = _asked(prepared)
    models = [
        as_json(found, said)
        for found, said in zip(measure_whole_table(prepared), asked["models"], strict=True)
    ]
    hopeless = [said for said in models if not said["holds"]]
    return {
        **asked,
        "models": models,
        "feasible": False,
        "reason": "".join([recoding.reason, *map(_say_hopeless, hopeless)]),
        "optimal_proven": recoding.optimal_proven,
        "levels": {},
        "loss": None,
        "suppressed_rows": None,
        "classes": None,
        "min_class": None,
        "risk": {},
        "utility": {},
        "relax": _relax(prepared.policy, hopeless),
        "warnings": _warnings(prepared),
    }


def report_found(prepared: Prepared, recoding: Recoding, measured: Remeasured) -> dict[str, Any]:
    """Tell what was found and what the written file measures."""
    policy, groups = prepared.policy, measured.groups
    kept = ~measured.suppressed
    published = recoding.published
    assert published is not None  # noqa: S101 - something was found
    suppressed = int(prepared.groups.rows[published.suppressed].sum())
    rows = prepared.groups.total_rows
    stars = int(prepared.groups.rows[published.stars].sum())
    before = risk_of(prepared.groups, np.zeros(len(prepared.groups.rows), np.bool_), policy)
    asked = _asked(prepared)
    models = measure_models(prepared, measured, recoding.levels)
    return {
        **asked,
        "models": [as_json(f, said) for f, said in zip(models, asked["models"], strict=True)],
        "feasible": True,
        "optimal_proven": recoding.optimal_proven,
        "levels": dict(recoding.levels),
        "heights": {h.column: h.height for h in prepared.hierarchies},
        "loss": recoding.loss,
        "suppressed_rows": suppressed,
        "suppressed_share": suppressed / max(groups.total_rows, 1),
        "rows_as_searched": stars == measured.stars and groups.total_rows == rows,
        "classes": int(kept.sum()),
        "min_class": int(groups.sizes[kept].min()) if kept.any() else 0,
        "risk": {**risk_of(groups, measured.suppressed, policy), "before": before},
        "utility": utility_of(measured, prepared.hierarchies, policy),
        "warnings": _warnings(prepared),
    }


def _asked(prepared: Prepared) -> dict[str, Any]:
    policy = prepared.policy
    return {
        "recoding": policy.recoding,
        "metric": policy.metric,
        "suppression_limit": policy.suppression_limit,
        "weights": weights_of(policy),
        "seed": policy.seed,
        "models": [model.model_dump(exclude_none=True) for model in policy.models],
        "columns": {
            "quasi_identifiers": list(policy.quasi_identifiers),
            "sensitive": policy.sensitive_columns,
            "insensitive": policy.insensitive,
            "withheld": policy.withheld,
            "undeclared": prepared.undeclared,
        },
        "counted": "persons" if policy.person else "rows",
        "star": STAR,
    }


def _say_hopeless(said: dict[str, Any]) -> str:
    number = "測れません" if said["measured"] is None else f"{said['measured']:.4g}"
    return (
        f" 表全体を1つの組にしても満たさないモデルがあります: {_name(said)}(表全体では {number})。"
    )


def _name(said: dict[str, Any]) -> str:
    asked = {name: value for name, value in said.items() if name not in {"measured", "holds"}}
    return "{" + ", ".join(f"{name}: {value}" for name, value in asked.items()) + "}"


def _relax(policy: Policy, hopeless: list[dict[str, Any]]) -> list[str]:
    """Say which demand may be relaxed, the gentlest first."""
    if hopeless:
        return [
            *(f"{_name(said)} の値をゆるめるか、models から外す" for said in hopeless),
            "対象の行を増やす(期間や地域を広げる)",
        ]
    ways = []
    if policy.suppression_limit < 1:
        ways.append(
            f"suppression_limit を今の {policy.suppression_limit:g} より大きくする(秘匿する行が増える)"
        )
    ways.append("階層に、より大きくまとめる段を足す(最後の段は、すべての値を「*」1つにする)")
    if any(getattr(model, "on", None) for model in policy.models):
        ways.append("l・t・alpha・beta・delta の値をゆるめるか、その列を出力から除く(identifiers)")
    ways.append("k を小さくする、または準識別子の列を出力から除く(identifiers)")
    return ways


def _warnings(prepared: Prepared) -> list[str]:
    told = []
    if prepared.undeclared:
        told.append(
            "ポリシーに書かれていない列を、そのまま出力しました(保護していません): "
            f"{'、'.join(prepared.undeclared)}。公開するときは、どの役割かをポリシーに書いてください。"
        )
    if prepared.policy.withheld:
        told.append(f"出力から除いた列: {'、'.join(prepared.policy.withheld)}")
    if prepared.blanks:
        told.append(
            f"空欄のある列: {'、'.join(prepared.blanks)}。空欄は1つの値として数え、"
            "まとめた段では「空欄」と書きます。"
        )
    if rows := prepared.source.blank_rows:
        told.append(f"値の1つもない行 {rows:,} 行を除きました。")
    open_tops = [h.column for h in prepared.hierarchies if len(h.labels[-1]) > 1]
    if open_tops:
        told.append(f"最後の段が1つにまとまらない列: {'、'.join(open_tops)}")
    return told


def find_broken(told: dict[str, Any]) -> str:
    """Name what the written file does not satisfy; empty when all of it holds."""
    broken = [model for model in told["models"] if not model["holds"]]
    if broken:
        return "、".join(f"{name} = {value}" for name, value in broken[0].items())
    if not told["rows_as_searched"]:
        return "行数か、すべて「*」の行の数"
    if told["suppressed_share"] > told["suppression_limit"] + _ROUNDING:
        return f"suppression_limit = {told['suppression_limit']:g}"
    return ""

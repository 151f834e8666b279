"""The declared comparisons as splink's settings: a dictionary of levels in SQL, with probabilities.

Belongs here: what a level asks in SQL, and how it is called in an explanation. Must not hold: data,
or running anything; splink itself is not imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, assert_never

from assets.linkage import Days, Exact, JaroWinkler, Metres, Typing
from warehouse.linkage.matching_keys import KEY, key_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assets.linkage import Comparison, Level, Linkage, MatchingKey

SOURCE = "source_dataset"
_EARTH_METRES = 6_371_000
_MINIMUM_FREQUENCY = 1e-5


@dataclass(frozen=True)
class Chances:
    """The m and u of every level of a comparison, nearest first, 不一致 last; each adds up to 1."""

    m: tuple[float, ...]
    u: tuple[float, ...]


def declared_chances(comparison: Comparison) -> Chances | None:
    """Give the chances that the YAML declares, if it declares both."""
    if not all(comparison.is_declared):
        return None
    return Chances(m=_with_rest(comparison, "m"), u=_with_rest(comparison, "u"))


def _with_rest(comparison: Comparison, name: str) -> tuple[float, ...]:
    given = [getattr(level, name) for level in comparison.levels]
    return (*given, 1 - sum(given))


def make_settings(linkage: Linkage, chances: Mapping[str, Chances]) -> dict[str, Any]:
    """Make splink's settings; a comparison without chances is open to estimation."""
    return {
        "link_type": "dedupe_only" if len(linkage.datasets) == 1 else "link_only",
        "unique_id_column_name": KEY,
        "source_dataset_column_name": SOURCE,
        "probability_two_random_records_match": linkage.prior,
        "comparisons": [
            _comparison(c, linkage.keys[c.key], chances.get(c.key)) for c in linkage.comparisons
        ],
        "blocking_rules_to_generate_predictions": [block(rule) for rule in linkage.blocking],
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": True,
    }


def block(keys: Sequence[str]) -> dict[str, Any]:
    """Make a blocking rule: pairs that agree in all these keys; blank ones agree with none."""
    rule = " AND ".join(f'l."{key}" = r."{key}"' for key in keys)
    return {"blocking_rule": rule, "sql_dialect": "duckdb"}


def _comparison(comparison: Comparison, key: MatchingKey, known: Chances | None) -> dict[str, Any]:
    columns = key_columns(comparison.key, key)
    missing = " OR ".join(f'"{c}_{side}" IS NULL' for c in columns for side in "lr")
    levels: list[dict[str, Any]] = [
        {"sql_condition": missing, "label_for_charts": "missing", "is_null_level": True}
    ]
    asked = [*(_condition(level, comparison.key, key) for level in comparison.levels), "ELSE"]
    for number, condition in enumerate(asked):
        level: dict[str, Any] = {"sql_condition": condition, "label_for_charts": str(number)}
        if known is not None:
            level |= {"m_probability": known.m[number], "u_probability": known.u[number]}
            level |= {"fix_m_probability": True, "fix_u_probability": True}
        if comparison.by_frequency and number == 0:
            level |= {"tf_adjustment_column": comparison.key, "tf_adjustment_weight": 1.0}
            level |= {"tf_minimum_u_value": _MINIMUM_FREQUENCY}
        levels.append(level)
    return {"output_column_name": comparison.key, "comparison_levels": levels}


def _condition(level: Level, name: str, key: MatchingKey) -> str:
    left, right = f'"{name}_l"', f'"{name}_r"'
    match level:
        case Exact():
            pairs = [f'"{c}_l" = "{c}_r"' for c in key_columns(name, key)]
            return " AND ".join(pairs)
        case JaroWinkler():
            return f"jaro_winkler_similarity({left}, {right}) >= {level.at_least}"
        case Days():
            return f"abs(date_diff('day', {left}, {right})) <= {level.at_most}"
        case Typing():
            if key.transform == "date":
                left, right = (f"strftime({side}, '%Y%m%d')" for side in (left, right))
            return f"damerau_levenshtein({left}, {right}) <= {level.at_most}"
        case Metres():
            return f"{_metres(name)} <= {level.at_most}"
        case _:
            assert_never(level)


def _metres(name: str) -> str:
    """Measure the distance on a sphere by the haversine formula; metres."""
    lat_l, lat_r = f'radians("{name}_lat_l")', f'radians("{name}_lat_r")'
    lon_l, lon_r = f'radians("{name}_lon_l")', f'radians("{name}_lon_r")'
    chord = (
        f"pow(sin(({lat_r} - {lat_l}) / 2), 2)"
        f" + cos({lat_l}) * cos({lat_r}) * pow(sin(({lon_r} - {lon_l}) / 2), 2)"
    )
    return f"2 * {_EARTH_METRES} * asin(sqrt(least(1.0, {chord})))"


def label_levels(comparison: Comparison) -> list[str]:
    """Say in plain Japanese what each level means, nearest first, 不一致 last."""
    return [*(_label(level) for level in comparison.levels), "不一致"]


def _label(level: Level) -> str:
    match level:
        case Exact():
            return "一致"
        case JaroWinkler():
            return f"近い・綴り{level.at_least:g}以上"
        case Days():
            return f"近い・{level.at_most}日以内"
        case Typing():
            return f"近い・{level.at_most}字違いまで"
        case Metres():
            return f"近い・{level.at_most:g}m以内"
        case _:
            assert_never(level)

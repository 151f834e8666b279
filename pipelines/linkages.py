"""The assets of the linkages: which records of several datasets are one person or place.

What Dagster shows of one are counts and chances, and for places some explained pairs; of persons no
key and no pair.
"""

from typing import TYPE_CHECKING

import dagster as dg

from assets.register import DeclaredLinkage, Register
from pipelines.border import run_step
from pipelines.describe import account_metadata, column_schema
from warehouse.linkage.link import TITLES, asset_of, build_linkage, read_facts, zone_of
from warehouse.linkage.wording import chance_lines, histogram_lines, pair_lines, tally_lines

if TYPE_CHECKING:
    from pipelines.platform import Platform


def linkage_assets(register: Register) -> list[dg.AssetsDefinition]:
    """Build an asset a linkage."""
    return [_linkage_asset(register, declared) for declared in register.linkages.values()]


def _linkage_asset(register: Register, declared: DeclaredLinkage) -> dg.AssetsDefinition:
    spec, zone = declared.spec, zone_of(declared.spec, register)
    layer = "common" if zone == "secure" else "internal"

    @dg.asset(
        key=["link", declared.name],
        deps=[dg.AssetKey([layer, linked.dataset]) for linked in spec.datasets],
        group_name=f"link_{zone}",
        description=_describe(register, declared),
        required_resource_keys={"platform"},
        tags={"zone": zone},
        kinds={"splink", "duckdb"},
        code_version=declared.fingerprint,
    )
    def links(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        platform: Platform = context.resources.platform
        con = platform.con
        outcome = run_step(
            context, platform, asset=asset_of(declared.name), title=spec.title, zone=zone,
            work=lambda: build_linkage(con, platform.home, platform.register, declared),
        )  # fmt: skip
        facts = read_facts(con, zone, declared.name)
        shown = {} if facts is None else {
            "結んだ組": facts.links,
            "人の確認を待つ組": facts.reviews,
            "比べた組": facts.pairs,
            "データセットごと": dg.MetadataValue.md(_listed(tally_lines(facts, spec, register))),
            "確率の分布": dg.MetadataValue.md(f"```\n{_lines(histogram_lines(facts))}\n```"),
            "比べ方と確率": dg.MetadataValue.md(_listed(chance_lines(facts, spec))),
        }  # fmt: skip
        pairs = pair_lines(con, zone, declared)
        return dg.MaterializeResult(
            data_version=dg.DataVersion(outcome.data_version),
            metadata={
                **account_metadata(outcome),
                **shown,
                **({"結びつきの例": dg.MetadataValue.md(_listed(pairs))} if pairs else {}),
                "dagster/column_schema": column_schema(
                    {name: ("", title, "") for name, title in TITLES.items()}
                ),
            },
        )

    return links


def _describe(register: Register, declared: DeclaredLinkage) -> str:
    spec = declared.spec
    titles = "、".join(register.datasets[d.dataset].contract.title for d in spec.datasets)
    basis = f"\n\n根拠: {spec.legal_basis}" if spec.legal_basis else ""
    return (
        f"**{spec.title}**\n\n{spec.purpose}\n\n比べるデータ: {titles}\n\n"
        f"結ぶ確率 {spec.thresholds.link:g} 以上、人が確かめる確率 {spec.thresholds.review:g} 以上。"
        f"名前だけでは結びません。\n\n所管: {spec.owner.department}{basis}"
    )


def _lines(lines: list[str]) -> str:
    return "\n".join(lines)


def _listed(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)

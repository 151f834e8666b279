"""The assets that are made from several datasets: marts, releases, evidence pages, the portal."""

from typing import TYPE_CHECKING

import dagster as dg

from assets.register import MartQuery, Register, ReleaseQuery
from assets.release import Case
from pipelines.border import run_step
from pipelines.describe import account_metadata, mart_schema, preview
from pipelines.evidence import run_case
from pipelines.showcase import publish_run
from warehouse.account import Account, Outcome
from warehouse.lake import has_table
from warehouse.mart import build_mart
from warehouse.release.publish import finish_withdrawal, publish
from warehouse.release.staging import stage_candidate

if TYPE_CHECKING:
    from pipelines.platform import Platform

GATE = "gate"


def product_assets(register: Register) -> list[dg.AssetsDefinition]:
    """Build every asset that stands behind the datasets."""
    return [
        *(_mart_asset(mart) for mart in register.marts.values()),
        *(_release_asset(release) for release in register.releases.values()),
        *(_case_asset(name, case) for name, case in register.cases.items()),
        _portal_asset(register),
    ]


def source_keys(sources: list[str]) -> list[dg.AssetKey]:
    """Translate `common.x` and `mart.y` of the analysts' zone into asset keys."""
    layers = {"common": "internal", "mart": "mart"}
    pairs = [source.split(".", 1) for source in sources]
    return [dg.AssetKey([layers[layer], name]) for layer, name in pairs]


def _mart_asset(mart: MartQuery) -> dg.AssetsDefinition:
    @dg.asset(
        key=["mart", mart.name],
        deps=source_keys(mart.spec.sources),
        group_name="mart_internal",
        description=f"**{mart.spec.title}**\n\n{mart.spec.description}\n\n```sql\n{mart.sql}\n```",
        required_resource_keys={"platform"},
        tags={"zone": "internal"},
        kinds={"sql", "duckdb"},
        code_version=mart.fingerprint,
    )
    def table(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        platform: Platform = context.resources.platform
        outcome = run_step(
            context, platform, asset=f"mart/{mart.name}", title=mart.spec.title, zone="mart",
            work=lambda: build_mart(platform.con, mart),
        )  # fmt: skip
        titles = {n: c.title for n, c in mart.spec.columns.items() if c.classification == "公開"}
        # A mart that waits for a source has no table yet.
        is_made = has_table(platform.con, "internal", "mart", mart.name)
        return dg.MaterializeResult(
            data_version=dg.DataVersion(outcome.data_version),
            metadata={
                **account_metadata(outcome),
                "dagster/column_schema": mart_schema(mart.spec),
                **preview(platform.con, f"internal.mart.{mart.name}", titles if is_made else {}),
            },
        )

    return table


def _release_asset(release: ReleaseQuery) -> dg.AssetsDefinition:
    key = ["open", release.name]

    @dg.asset(
        key=key,
        deps=source_keys(release.spec.sources),
        group_name="open_data_open",
        description=f"**{release.spec.title}**({release.standard.label})\n\n"
        f"{release.spec.description}\n\n人が承認するまで公開されません。",
        required_resource_keys={"platform"},
        tags={"zone": "open"},
        kinds={"csv", "json"},
        code_version=release.fingerprint,
        check_specs=[
            dg.AssetCheckSpec(
                GATE,
                asset=key,
                description="個人に関する情報が出ないことの検査(ファイルそのものを調べる)",
            )
        ],
    )
    def candidate(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        platform: Platform = context.resources.platform
        findings: list[dict[str, str]] = []

        def work() -> Outcome:
            finish_withdrawal(platform.con, platform.home, release.name)
            staged, outcome = stage_candidate(
                platform.con, platform.home, platform.register, release
            )
            findings.extend(staged.findings)
            publish(platform.con, platform.home, release.name)
            return outcome

        outcome = run_step(
            context, platform, asset=f"open/{release.name}", title=f"{release.spec.title}(公開の準備)",
            zone="open", work=work,
        )  # fmt: skip
        blocked = any(finding["severity"] == "blocker" for finding in findings)
        listed = "\n".join(f"- {f['message']}({f['where']}) → {f['remedy']}" for f in findings)
        return dg.MaterializeResult(
            data_version=dg.DataVersion(outcome.data_version),
            metadata=account_metadata(outcome),
            check_results=[
                dg.AssetCheckResult(
                    check_name=GATE,
                    passed=not blocked,
                    metadata={"指摘": dg.MetadataValue.md(listed or "指摘はありません")},
                )
            ],
        )

    return candidate


def _case_asset(name: str, case: Case) -> dg.AssetsDefinition:
    @dg.asset(
        key=["evidence", name],
        deps=source_keys(case.sources),
        group_name="evidence_internal",
        description=f"**{case.title}**\n\n問い: {case.question}",
        required_resource_keys={"platform"},
        tags={"zone": "internal"},
        kinds={"jupyter"},
    )
    def page(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        platform: Platform = context.resources.platform
        outcome = run_step(
            context, platform, asset=f"evidence/{name}", title=f"{case.title}(分析ノート)",
            zone="internal", work=lambda: run_case(platform.con, platform.home, name, case),
        )  # fmt: skip
        return dg.MaterializeResult(
            data_version=dg.DataVersion(outcome.data_version), metadata=account_metadata(outcome)
        )

    return page


def _portal_asset(register: Register) -> dg.AssetsDefinition:
    @dg.asset(
        key=["portal", "site"],
        deps=[
            *(dg.AssetKey(["open", name]) for name in register.releases),
            *(dg.AssetKey(["evidence", name]) for name in register.cases),
            *(dg.AssetKey(["internal", name]) for name in register.datasets),
        ],
        group_name="portal_open",
        description="公開データ、収集の状況、実行の記録を見せる静的なページ",
        required_resource_keys={"platform"},
        tags={"zone": "open"},
        kinds={"html"},
    )
    def site(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        platform: Platform = context.resources.platform

        def work() -> Outcome:
            pages = publish_run(platform.con, platform.home, platform.register, context.run_id)
            return Outcome("portal", Account(rows_out=len(pages)), context.run_id, changed=True)

        run_step(context, platform, asset="portal", title="ポータル", zone="open", work=work)
        return dg.MaterializeResult(metadata={"場所": str(platform.home.portal / "index.html")})

    return site

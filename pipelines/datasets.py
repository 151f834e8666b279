"""The assets and checks of one departmental dataset, made from its contract alone."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets.expectations import expectations
from assets.register import Dataset
from pipelines.border import run_step
from pipelines.describe import account_metadata, contract_schema, open_titles, preview
from pipelines.partitions import Scope, forget_done, log_periods, name_step, periods_of, scope_of
from pipelines.platform import Platform
from pipelines.withholding import check_staged, withhold_if_failed
from warehouse.account import Outcome
from warehouse.lake import loaded
from warehouse.periods import missing_periods
from warehouse.protect import internal_columns, protect
from warehouse.raw import current_deliveries, load_raw, open_refusals, open_waits
from warehouse.refusal import Refusal
from warehouse.returns.load import load_returned
from warehouse.standardise import commit, stage

if TYPE_CHECKING:
    from pipelines.quality import CheckOutcome

ACCOUNT, READABLE, COMPLETE = "account_closes", "deliveries_readable", "periods_complete"


def dataset_assets(dataset: Dataset, *, by_period: bool = False) -> list[dg.AssetsDefinition]:
    """Build raw → common → internal of one dataset, as wholes or by its delivery periods."""
    builders = (_raw_asset, _common_asset, _internal_asset)
    return [build(dataset, by_period=by_period) for build in builders]


def _options(
    dataset: Dataset, layer: str, source: str, description: str, *, by_period: bool
) -> dict[str, Any]:
    contract = dataset.contract
    zone = "internal" if layer == "internal" else "secure"
    spec = dg.AssetSpec(
        key=[layer, dataset.name],
        deps=[[source, dataset.name]],
        group_name=f"{dataset.department}_{zone}",
        description=f"**{contract.title}** — {description}\n\n{contract.description}\n\n"
        f"所管: {contract.owner.department}  根拠: {contract.legal_basis}",
        tags={"zone": zone, "department": dataset.department},
        code_version=dataset.fingerprint,
        kinds={"duckdb", "parquet"},
        partitions_def=periods_of(dataset) if by_period else None,
    )
    return {
        "name": name_step(f"{layer}__{dataset.name}", by_period=by_period),
        "specs": [spec],
        "required_resource_keys": {"platform"},
        # A backfill of many periods is one run.
        "backfill_policy": dg.BackfillPolicy.single_run() if by_period else None,
    }


def _raw_asset(dataset: Dataset, *, by_period: bool) -> dg.AssetsDefinition:
    @dg.multi_asset(
        **_options(
            dataset, "raw", "landing", "届いたままの文字。各セルの番地つき", by_period=by_period
        ),
        check_specs=[
            dg.AssetCheckSpec(
                READABLE, asset=["raw", dataset.name], description="届いたファイルをすべて読めた"
            ),
            dg.AssetCheckSpec(
                COMPLETE, asset=["raw", dataset.name], description="抜けている月・年がない"
            ),
        ],
    )
    def raw(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        platform: Platform = context.resources.platform
        con, asset = platform.con, f"raw/{dataset.name}"
        before = loaded(con, "secure", asset)
        outcome = run_step(
            context, platform, asset=asset, title=f"{dataset.contract.title}(読み取り)",
            zone="secure", work=lambda: _read_files(platform, dataset, scope_of(context)),
        )  # fmt: skip
        after = loaded(con, "secure", asset)
        log_periods(context, ["raw", dataset.name], before, after)
        entries = list(after.values())
        refused = [str(e.account["file"]) for e in open_refusals(entries)]
        waiting = [str(e.account["file"]) for e in open_waits(entries)]
        periods = [str(e.account["period"]) for e in current_deliveries(dataset, entries)]
        missing = missing_periods(dataset.contract.frequency, periods)
        return dg.MaterializeResult(
            data_version=dg.DataVersion(outcome.data_version),
            metadata={
                **account_metadata(outcome),
                "dagster/column_schema": contract_schema(dataset.contract),
            },
            check_results=[
                _light(
                    READABLE,
                    {
                        "読めなかったファイル": "、".join(refused) or "なし",
                        "契約の変更待ち": "、".join(waiting) or "なし",
                    },
                    passed=not refused and not waiting,
                ),
                _light(
                    COMPLETE, {"届いていない期間": "、".join(missing) or "なし"}, passed=not missing
                ),
            ],
        )

    return raw


def _read_files(platform: Platform, dataset: Dataset, scope: Scope) -> Outcome:
    """Read the deliveries, and the workbooks of corrected rows that came back."""
    con, home, parser = platform.con, platform.home, platform.parser
    forget_done(con, "secure", f"raw/{dataset.name}", scope)
    raw = load_raw(con, home, dataset, parser, scope.periods)
    return load_returned(con, home, dataset.name, parser, raw)


def _light(name: str, metadata: dict[str, str], *, passed: bool) -> dg.AssetCheckResult:
    severity = dg.AssetCheckSeverity.WARN
    return dg.AssetCheckResult(check_name=name, passed=passed, severity=severity, metadata=metadata)


def _common_asset(dataset: Dataset, *, by_period: bool) -> dg.AssetsDefinition:
    wanted = expectations(dataset.contract)
    key = ["common", dataset.name]

    @dg.multi_asset(
        **_options(
            dataset, "common", "raw", "共通の形。型と検査を通った行だけ", by_period=by_period
        ),
        check_specs=[
            dg.AssetCheckSpec(
                ACCOUNT, asset=key, description="入った行 = 出た行 + 隔離した行 + 除いた行"
            ),
            *(dg.AssetCheckSpec(e.name, asset=key, description=e.title) for e in wanted),
        ],
    )
    def common(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        platform: Platform = context.resources.platform
        answers: list[CheckOutcome] = []
        asset = f"common/{dataset.name}"
        before = loaded(platform.con, "secure", asset)

        def work() -> Outcome:
            forget_done(platform.con, "secure", asset, scope_of(context))
            staged = stage(platform.con, platform.home, dataset)
            answers.extend(check_staged(platform, dataset, staged))
            withhold_if_failed(dataset, answers)
            outcome = commit(platform.con, staged)
            if not outcome.account.closes:
                raise Refusal(
                    "account.open",
                    "行の収支が合いません。",
                    dataset.name,
                    "開発者に知らせてください。",
                )
            return outcome

        def results() -> Iterator[dg.AssetCheckResult]:
            given = {answer.name: answer.passed for answer in answers}
            for item in wanted:
                note = (
                    {} if item.name in given else {"備考": "まだデータがないので検査していません"}
                )
                passed = given.get(item.name, True)
                yield dg.AssetCheckResult(
                    check_name=item.name, passed=passed, asset_key=key, metadata=note
                )

        try:
            outcome = run_step(
                context, platform, asset=asset,
                title=f"{dataset.contract.title}(共通の形)", zone="secure", work=work,
            )  # fmt: skip
        except dg.Failure:
            yield from results()
            yield dg.AssetCheckResult(check_name=ACCOUNT, passed=False, asset_key=key)
            raise
        log_periods(context, key, before, loaded(platform.con, "secure", asset))
        yield from results()
        yield dg.AssetCheckResult(check_name=ACCOUNT, passed=outcome.account.closes, asset_key=key)
        yield dg.MaterializeResult(
            asset_key=key,
            data_version=dg.DataVersion(outcome.data_version),
            metadata={
                **account_metadata(outcome),
                "dagster/column_schema": contract_schema(
                    dataset.contract, [*dataset.contract.table_columns]
                ),
                **_preview(platform, dataset, "secure", outcome),
            },
        )

    return common


def _internal_asset(dataset: Dataset, *, by_period: bool) -> dg.AssetsDefinition:
    @dg.multi_asset(
        **_options(
            dataset, "internal", "common", "仮名化した、分析に使える形", by_period=by_period
        ),
    )
    def internal(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        platform: Platform = context.resources.platform
        con, asset = platform.con, f"internal/{dataset.name}"
        before = loaded(con, "internal", asset)

        def work() -> Outcome:
            forget_done(con, "internal", asset, scope_of(context))
            return protect(con, platform.home, dataset)

        outcome = run_step(
            context, platform, asset=asset, title=f"{dataset.contract.title}(仮名化)",
            zone="internal", work=work,
        )  # fmt: skip
        log_periods(context, ["internal", dataset.name], before, loaded(con, "internal", asset))
        kept = internal_columns(dataset.contract)
        return dg.MaterializeResult(
            data_version=dg.DataVersion(outcome.data_version),
            metadata={
                **account_metadata(outcome),
                "dagster/column_schema": contract_schema(dataset.contract, kept),
                **_preview(platform, dataset, "internal", outcome),
            },
        )

    return internal


def _preview(
    platform: Platform, dataset: Dataset, zone: str, outcome: Outcome
) -> dict[str, dg.MetadataValue]:
    if not outcome.account.rows_out:
        return {}
    return preview(platform.con, f"{zone}.common.{dataset.name}", open_titles(dataset.contract))

"""The assets and checks of one departmental dataset, made from its contract alone."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, cast

import dagster as dg

from assets.contract import RowCount
from assets.expectations import expectations
from assets.register import Dataset
from pipelines.border import run_step
from pipelines.describe import account_metadata, contract_schema, open_titles, preview
from pipelines.platform import Platform
from pipelines.quality import CheckOutcome, validate
from warehouse.account import Outcome
from warehouse.lake import Loaded, loaded, record, transaction
from warehouse.periods import missing_periods
from warehouse.protect import internal_columns, protect
from warehouse.raw import current_deliveries, load_raw, open_refusals, open_waits
from warehouse.refusal import Refusal
from warehouse.returns.load import load_returned
from warehouse.standardise import Staged, commit, stage

ACCOUNT, READABLE, COMPLETE = "account_closes", "deliveries_readable", "periods_complete"


def dataset_assets(dataset: Dataset) -> list[dg.AssetsDefinition]:
    """Build raw → common → internal of one dataset."""
    return [_raw_asset(dataset), _common_asset(dataset), _internal_asset(dataset)]


def _options(dataset: Dataset, layer: str, zone: str, description: str) -> dict[str, Any]:
    contract = dataset.contract
    return {
        "key": [layer, dataset.name],
        "group_name": f"{dataset.department}_{zone}",
        "description": f"**{contract.title}** — {description}\n\n{contract.description}\n\n"
        f"所管: {contract.owner.department}  根拠: {contract.legal_basis}",
        "required_resource_keys": {"platform"},
        "tags": {"zone": zone, "department": dataset.department},
        "code_version": dataset.fingerprint,
        "kinds": {"duckdb", "parquet"},
    }


def _raw_asset(dataset: Dataset) -> dg.AssetsDefinition:
    @dg.asset(
        **_options(dataset, "raw", "secure", "届いたままの文字。各セルの番地つき"),
        deps=[["landing", dataset.name]],
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
        con = platform.con
        outcome = run_step(
            context, platform, asset=f"raw/{dataset.name}", title=f"{dataset.contract.title}(読み取り)",
            zone="secure", work=lambda: _read_files(platform, dataset),
        )  # fmt: skip
        entries = list(loaded(con, "secure", f"raw/{dataset.name}").values())
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


def _read_files(platform: Platform, dataset: Dataset) -> Outcome:
    """Read the deliveries, and the workbooks of corrected rows that came back."""
    con, home, parser = platform.con, platform.home, platform.parser
    raw = load_raw(con, home, dataset, parser)
    return load_returned(con, home, dataset.name, parser, raw)


def _light(name: str, metadata: dict[str, str], *, passed: bool) -> dg.AssetCheckResult:
    severity = dg.AssetCheckSeverity.WARN
    return dg.AssetCheckResult(check_name=name, passed=passed, severity=severity, metadata=metadata)


def _common_asset(dataset: Dataset) -> dg.AssetsDefinition:
    wanted = expectations(dataset.contract)
    key = ["common", dataset.name]

    @dg.asset(
        **_options(dataset, "common", "secure", "共通の形。型と検査を通った行だけ"),
        deps=[["raw", dataset.name]],
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

        def work() -> Outcome:
            staged = stage(platform.con, platform.home, dataset)
            answers.extend(_check(platform, dataset, staged))
            _withhold_if_failed(dataset, answers)
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
                context, platform, asset=f"common/{dataset.name}",
                title=f"{dataset.contract.title}(共通の形)", zone="secure", work=work,
            )  # fmt: skip
        except dg.Failure:
            yield from results()
            yield dg.AssetCheckResult(check_name=ACCOUNT, passed=False, asset_key=key)
            raise
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


def _internal_asset(dataset: Dataset) -> dg.AssetsDefinition:
    @dg.asset(
        **_options(dataset, "internal", "internal", "仮名化した、分析に使える形"),
        deps=[["common", dataset.name]],
    )
    def internal(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        platform: Platform = context.resources.platform
        outcome = run_step(
            context, platform, asset=f"internal/{dataset.name}", title=f"{dataset.contract.title}(仮名化)",
            zone="internal", work=lambda: protect(platform.con, platform.home, dataset),
        )  # fmt: skip
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


def _check(platform: Platform, dataset: Dataset, staged: Staged) -> list[CheckOutcome]:
    """Validate what is staged; when nothing is, repeat the last answers."""
    asset, con = f"quality/{dataset.name}", platform.con
    known = loaded(con, "secure", asset).get("")
    if not staged.entries:
        answers = known.account.get("checks", []) if known else []
        return [CheckOutcome(**answer) for answer in cast("list[dict[str, Any]]", answers)]
    _refuse_empty(dataset, staged)
    answers = validate(platform.home, dataset, con, staged.queries["common"])
    with transaction(con, "secure", asset):
        about: dict[str, object] = {"checks": [asdict(answer) for answer in answers]}
        record(con, "secure", [Loaded(asset, "", staged.data_version, about)])
    return answers


def _refuse_empty(dataset: Dataset, staged: Staged) -> None:
    """A delivery without one good row is a fault, unless the contract allows an empty table."""
    least = [c.minimum for c in dataset.contract.checks if isinstance(c, RowCount)]
    empty = [str(e.account["file"]) for e in staged.entries if not e.account["rows_out"]]
    if empty and (not least or min(least) > 0):
        raise Refusal(
            "quality.no_rows",
            "取り込める行が1行もありません。取り込みを見送りました。前回までのデータはそのままです。",
            "、".join(empty),
            "machikane quarantine で理由を確かめ、元のデータを直して提出し直してください。",
        )


def _withhold_if_failed(dataset: Dataset, answers: list[CheckOutcome]) -> None:
    failed = [answer.title for answer in answers if not answer.passed]
    if failed:
        listed = "".join(f"\n  ・{title}" for title in failed)
        raise Refusal(
            "quality.failed",
            f"品質検査に通らないため、取り込みを見送りました。前回までのデータはそのままです。{listed}",
            dataset.contract.title,
            "元のデータを直して提出し直すか、契約の checks を所管課と確かめてください。",
        )


def _preview(
    platform: Platform, dataset: Dataset, zone: str, outcome: Outcome
) -> dict[str, dg.MetadataValue]:
    if not outcome.account.rows_out:
        return {}
    return preview(platform.con, f"{zone}.common.{dataset.name}", open_titles(dataset.contract))

-- The latest month of every fiscal year: amounts are sums since April and are never added up over months.
WITH latest AS (
    SELECT *
    FROM mart.finance
    QUALIFY month = max(month) OVER (PARTITION BY fiscal_year)
)

SELECT
    getvariable('local_government_code') AS 全国地方公共団体コード,
    getvariable('prefecture') || getvariable('city') AS 地方公共団体名,
    fiscal_year::VARCHAR AS 会計年度,
    strftime(last_day(month), '%Y-%m-%d') AS 基準日,
    account_name AS 会計,
    kan_code AS 款コード,
    kan_name AS 款,
    kou_code AS 項コード,
    kou_name AS 項,
    moku_code AS 目コード,
    moku_name AS 目,
    setsu_code AS 節コード,
    setsu_name AS 節,
    initial_budget_yen AS "当初予算額(円)",
    supplementary_budget_yen AS "補正予算額(円)",
    current_budget_yen AS "予算現額(円)",
    cumulative_executed_yen AS "支出済額(円)",
    remaining_yen AS "予算残額(円)",
    -- DECIMAL arithmetic: a half must round up as on paper.
    round(cumulative_executed_yen::DECIMAL(18, 6) * 100 / nullif(current_budget_yen, 0), 1)::DOUBLE AS "執行率(%)"
FROM latest
ORDER BY fiscal_year, account_name, kan_code, kou_code, moku_code, setsu_code

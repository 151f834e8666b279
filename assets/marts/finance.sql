-- What the treasury delivers, one row an item and month.
SELECT
    execution_month AS month,
    fiscal_year,
    account_name,
    kan_code,
    kan_name,
    kou_code,
    kou_name,
    moku_code,
    moku_name,
    setsu_code,
    setsu_name,
    initial_budget_yen,
    supplementary_budget_yen,
    current_budget_yen,
    executed_yen,
    cumulative_executed_yen,
    remaining_yen
FROM common.budget_execution
ORDER BY month, account_name, kan_code, kou_code, moku_code, setsu_code

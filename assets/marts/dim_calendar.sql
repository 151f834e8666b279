-- Days, with what a city's calendar says of them. 令和 begins on 1 May 2019 (平成31年政令第143号);
-- the fiscal year that began in April 2019 is called 令和元年度.
WITH days AS (
    SELECT unnest(generate_series(DATE '2000-01-01', DATE '2050-12-31', INTERVAL 1 DAY))::DATE AS day
),

parts AS (
    SELECT
        day,
        date_trunc('month', day)::DATE AS month,
        year(day)::INTEGER AS calendar_year,
        month(day)::INTEGER AS month_number,
        (year(day) - (month(day) < 4)::INTEGER)::INTEGER AS fiscal_year,
        ((month(day) + 8) % 12 + 1)::INTEGER AS fiscal_month_number,
        isodow(day)::INTEGER AS weekday,
        CASE WHEN day >= DATE '2019-05-01' THEN '令和' ELSE '平成' END AS era_name
    FROM days
),

eras AS (
    SELECT
        *,
        calendar_year - CASE era_name WHEN '令和' THEN 2018 ELSE 1988 END AS era_year,
        CASE WHEN fiscal_year >= 2019 THEN '令和' ELSE '平成' END AS fiscal_era,
        fiscal_year - CASE WHEN fiscal_year >= 2019 THEN 2018 ELSE 1988 END AS fiscal_era_year
    FROM parts
)

SELECT
    day,
    month,
    last_day(day) AS month_end,
    day = month AS is_month_start,
    calendar_year,
    month_number,
    fiscal_year,
    ((fiscal_month_number - 1) // 3 + 1)::INTEGER AS fiscal_quarter,
    fiscal_month_number,
    weekday,
    era_name,
    era_year::INTEGER AS era_year,
    era_name || CASE era_year WHEN 1 THEN '元' ELSE era_year::VARCHAR END || '年'
    || month_number || '月' || day(day) || '日' AS japanese_day,
    fiscal_era || CASE fiscal_era_year WHEN 1 THEN '元' ELSE fiscal_era_year::VARCHAR END
    || '年度' AS fiscal_year_label
FROM eras
ORDER BY day

-- One row per month, town, sex and five-year age band. Completed years on the first of the month.
WITH aged AS (
    SELECT
        _period AS period,
        CAST(_period || '-01' AS DATE) AS survey_date,
        town,
        sex_code,
        date_sub('year', birth_date, CAST(_period || '-01' AS DATE)) AS age
    FROM common.resident_register
)

SELECT
    period,
    survey_date,
    town,
    sex_code,
    least(age // 5, 17)::INTEGER AS age_band,
    count(*) AS resident_count
FROM aged
GROUP BY ALL
ORDER BY period, town, sex_code, age_band

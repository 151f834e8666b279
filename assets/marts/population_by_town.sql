-- One row per month, town, sex and five-year age band. Completed years on the first of the month.
WITH aged AS (
    SELECT
        delivered.period,
        delivered.day AS survey_date,
        residents.town,
        residents.sex_code,
        date_sub('year', residents.birth_date, delivered.day) AS age
    FROM meta.periods AS delivered
    JOIN common.resident_register AS residents
        ON residents._valid_from <= delivered.day AND residents._valid_to > delivered.day
    WHERE delivered.dataset = 'resident_register'
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

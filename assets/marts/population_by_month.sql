-- Every delivered month, on its first day.
WITH months AS (
    SELECT DISTINCT day AS month FROM meta.periods WHERE dataset = 'resident_changes'
)

SELECT
    months.month,
    residents.town,
    residents.sex_code,
    least(date_sub('year', residents.birth_date, months.month) // 5, 17)::INTEGER AS age_band,
    count(*) AS resident_count
FROM months
INNER JOIN common.resident_changes AS residents
    ON residents._valid_from <= months.month AND residents._valid_to > months.month
WHERE residents.resident_status_code = '1'
GROUP BY ALL
ORDER BY months.month, residents.town, residents.sex_code, age_band

-- The newest row of every facility. The town is the longest declared one that the address holds.
WITH newest AS (
    SELECT
        *,
        min(_period) OVER (PARTITION BY facility_id) AS first_period,
        max(_period) OVER (PARTITION BY facility_id) AS last_period
    FROM common.public_facilities
),

towns AS (
    SELECT
        newest.facility_id,
        arg_max(dim_towns.town, length(dim_towns.town)) AS town
    FROM newest
    INNER JOIN mart.dim_towns ON contains(newest.address, dim_towns.town)
    GROUP BY newest.facility_id
)

SELECT
    newest.facility_id,
    newest.facility_name,
    newest.facility_name_kana,
    towns.town,
    newest.address,
    newest.latitude,
    newest.longitude,
    newest.department_name,
    newest.is_wheelchair_accessible,
    newest.first_period,
    newest.last_period
FROM newest
LEFT JOIN towns ON newest.facility_id = towns.facility_id
WHERE newest._period = newest.last_period
ORDER BY newest.facility_id

-- A month's changes are those after its first day, up to the first of the next: what lies between
-- two counts of population.
WITH months AS (
    SELECT DISTINCT month, (month + INTERVAL 1 MONTH)::DATE AS month_after
    FROM mart.population_by_month
),

moves AS (
    SELECT town, valid_from AS day, entry_kind AS kind, true AS is_entry FROM mart.addresses
    UNION ALL
    SELECT town, valid_to AS day, exit_kind AS kind, false AS is_entry FROM mart.addresses
    WHERE exit_kind IS NOT NULL
)

SELECT
    months.month,
    moves.town,
    count(*) FILTER (WHERE is_entry AND kind = 'born') AS born_count,
    count(*) FILTER (WHERE is_entry AND kind = 'moved_in') AS moved_in_count,
    count(*) FILTER (WHERE is_entry AND kind = 'moved_within') AS came_within_count,
    count(*) FILTER (WHERE is_entry AND kind = 'other') AS entered_other_count,
    count(*) FILTER (WHERE NOT is_entry AND kind = 'died') AS died_count,
    count(*) FILTER (WHERE NOT is_entry AND kind = 'moved_out') AS moved_out_count,
    count(*) FILTER (WHERE NOT is_entry AND kind = 'moved_within') AS left_within_count,
    count(*) FILTER (WHERE NOT is_entry AND kind = 'other') AS left_other_count
FROM months
INNER JOIN moves ON months.month < moves.day AND months.month_after >= moves.day
GROUP BY months.month, moves.town
ORDER BY months.month, moves.town

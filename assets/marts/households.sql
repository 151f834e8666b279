-- Who comes into a household adds one, who leaves takes one; a day on which nothing changes is no
-- new row.
WITH events AS (
    SELECT household_id, valid_from AS day, 1 AS step FROM mart.persons
    UNION ALL
    SELECT household_id, valid_to AS day, -1 AS step FROM mart.persons
    WHERE valid_to < DATE '9999-12-31'
),

days AS (
    SELECT household_id, day, sum(step) AS step FROM events GROUP BY household_id, day
),

counted AS (
    SELECT
        household_id,
        day,
        (sum(step) OVER (PARTITION BY household_id ORDER BY day))::INTEGER AS member_count
    FROM days
),

headed AS (
    SELECT
        counted.household_id,
        counted.day,
        counted.member_count,
        max(persons.person_id) FILTER (WHERE persons.is_head) AS head_person_id,
        coalesce(
            max(persons.town) FILTER (WHERE persons.is_head), max(persons.town)
        ) AS town
    FROM counted
    LEFT JOIN mart.persons
        ON counted.household_id = persons.household_id
        AND persons.valid_from <= counted.day
        AND persons.valid_to > counted.day
    GROUP BY counted.household_id, counted.day, counted.member_count
),

compared AS (
    SELECT
        *,
        (member_count, head_person_id, town) IS DISTINCT FROM lag(
            (member_count, head_person_id, town)
        ) OVER (PARTITION BY household_id ORDER BY day) AS is_new
    FROM headed
),

spells AS (
    SELECT
        *,
        lead(day, 1, DATE '9999-12-31') OVER (PARTITION BY household_id ORDER BY day) AS valid_to
    FROM compared
    WHERE is_new
)

SELECT
    household_id,
    day AS valid_from,
    valid_to,
    member_count,
    head_person_id,
    town
FROM spells
WHERE member_count > 0
ORDER BY valid_from, valid_to

-- Rows of one person that follow one another without a gap in one town are one stay.
WITH living AS (
    SELECT * FROM common.resident_changes
    WHERE _valid_from < _valid_to AND resident_status_code = '1'
),

compared AS (
    SELECT
        *,
        lag(town) OVER person AS town_before,
        lag(_valid_to) OVER person AS until_before
    FROM living
    WINDOW person AS (PARTITION BY resident_id ORDER BY _valid_from)
),

numbered AS (
    SELECT
        *,
        until_before IS NOT DISTINCT FROM _valid_from AS follows,
        sum((until_before IS DISTINCT FROM _valid_from OR town <> town_before)::INTEGER)
            OVER (PARTITION BY resident_id ORDER BY _valid_from) AS stay_number
    FROM compared
),

stays AS (
    SELECT
        resident_id,
        stay_number,
        min(town) AS town,
        min(_valid_from) AS valid_from,
        max(_valid_to) AS valid_to,
        arg_min(follows, _valid_from) AS follows,
        arg_min(change_reason_code, _valid_from) AS reason_code,
        arg_min(moved_from_code, _valid_from) AS moved_from_code
    FROM numbered
    GROUP BY resident_id, stay_number
),

-- One row may end a person's history on a day; the last number counts.
ends AS (
    SELECT
        resident_id,
        change_date,
        arg_max(resident_status_code, history_number) AS status_code,
        arg_max(moved_to_code, history_number) AS moved_to_code
    FROM common.resident_changes
    WHERE resident_status_code <> '1'
    GROUP BY resident_id, change_date
)

SELECT
    stays.resident_id AS person_id,
    stays.stay_number::INTEGER AS stay_number,
    stays.town,
    stays.valid_from,
    stays.valid_to,
    CASE
        WHEN stays.follows THEN 'moved_within'
        WHEN stays.reason_code IN ('11', '12') THEN 'moved_in'
        WHEN stays.reason_code = '13' THEN 'born'
        ELSE 'other'
    END AS entry_kind,
    CASE WHEN NOT stays.follows THEN stays.moved_from_code END AS moved_from_code,
    CASE
        WHEN stays.valid_to = DATE '9999-12-31' THEN NULL
        WHEN ends.status_code = '2' THEN 'moved_out'
        WHEN ends.status_code = '3' THEN 'died'
        WHEN ends.status_code = '4' THEN 'other'
        ELSE 'moved_within'
    END AS exit_kind,
    ends.moved_to_code
FROM stays
LEFT JOIN ends
    ON stays.resident_id = ends.resident_id AND stays.valid_to = ends.change_date
ORDER BY stays.valid_from, stays.valid_to

-- Who lived in the city, and when what was true of them. Rows after 転出 or 死亡 hold nothing.
SELECT
    resident_id AS person_id,
    household_id,
    _valid_from AS valid_from,
    _valid_to AS valid_to,
    year(birth_date)::INTEGER AS birth_year,
    sex_code,
    resident_kind_code,
    town,
    relationship,
    coalesce(relationship = '世帯主', false) AS is_head
FROM common.resident_changes
WHERE _valid_from < _valid_to AND resident_status_code = '1'
ORDER BY valid_from, valid_to

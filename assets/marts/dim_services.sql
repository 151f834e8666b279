-- The CSV beside it, with types.
SELECT
    service_code,
    service_name,
    dataset,
    quantity_unit,
    quantity_meaning,
    yen_meaning,
    has_person::BOOLEAN AS has_person
FROM declared.entries
ORDER BY service_code

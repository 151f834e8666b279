-- The CSV beside it, with types. It is the city's own to edit.
SELECT
    town,
    base_town,
    kana,
    postal_code,
    area,
    school_district,
    latitude::DOUBLE AS latitude,
    longitude::DOUBLE AS longitude
FROM declared.entries
ORDER BY town

-- The long table without its persons.
SELECT
    used.month,
    used.service_code,
    services.service_name,
    services.quantity_unit,
    sum(used.quantity)::BIGINT AS quantity,
    CASE WHEN services.has_person THEN count(DISTINCT used.person_id) END AS person_count,
    sum(used.yen)::BIGINT AS yen
FROM mart.service_use AS used
LEFT JOIN mart.dim_services AS services ON used.service_code = services.service_code
GROUP BY used.month, used.service_code, services.service_name, services.quantity_unit, services.has_person
ORDER BY used.month, used.service_code

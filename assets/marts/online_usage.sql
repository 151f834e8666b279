-- DECIMAL arithmetic: 0.05 % steps must round half up as on paper.
SELECT
    procedure_name,
    online_count,
    total_count,
    round(online_count::DECIMAL(18, 6) * 100 / nullif(total_count, 0), 1)::DOUBLE AS online_rate_pct,
    total_count - online_count AS offline_count
FROM common.online_applications
ORDER BY total_count DESC, procedure_name

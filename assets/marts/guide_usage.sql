SELECT
    life_event,
    guide_count,
    total_count,
    round(guide_count::DECIMAL(18, 6) * 100 / nullif(total_count, 0), 1)::DOUBLE AS guide_rate_pct
FROM common.procedure_guide
ORDER BY total_count DESC, life_event

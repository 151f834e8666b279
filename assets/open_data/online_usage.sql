-- Few applications are acts of few persons: procedures with few are shown together, and at least two of them.
WITH judged AS (
    SELECT
        *,
        total_count < 10 OR online_count BETWEEN 1 AND 2 OR offline_count BETWEEN 1 AND 2 AS is_few
    FROM mart.online_usage
),

-- One procedure alone would be told by its absence: the next smallest joins it.
chosen AS (
    SELECT
        *,
        is_few OR (
            sum(is_few::INTEGER) OVER () = 1
            AND row_number() OVER (PARTITION BY is_few ORDER BY total_count, procedure_name) = 1
        ) AS is_merged
    FROM judged
),

shown AS (
    SELECT
        CASE WHEN is_merged THEN 'その他の手続' ELSE procedure_name END AS procedure_name,
        is_merged,
        sum(total_count)::BIGINT AS total_count,
        sum(online_count)::BIGINT AS online_count,
        sum(offline_count)::BIGINT AS offline_count,
        count(*) AS procedures
    FROM chosen
    GROUP BY ALL
)

SELECT
    getvariable('local_government_code') AS 全国地方公共団体コード,
    getvariable('prefecture') || getvariable('city') AS 地方公共団体名,
    procedure_name AS 手続名,
    total_count AS "総件数(件)",
    online_count AS "オンライン件数(件)",
    offline_count AS "オンライン以外の件数(件)",
    -- DECIMAL arithmetic: 0.05 % steps must round half up as on paper.
    round(online_count::DECIMAL(18, 6) * 100 / nullif(total_count, 0), 1)::DOUBLE AS "オンライン利用率(%)",
    CASE WHEN is_merged THEN '件数の少ない' || procedures || 'の手続をまとめたもの' END AS 備考
FROM shown
WHERE NOT is_merged
    OR (total_count >= 10 AND online_count NOT BETWEEN 1 AND 2 AND offline_count NOT BETWEEN 1 AND 2)
ORDER BY is_merged, total_count DESC, procedure_name

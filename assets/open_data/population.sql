-- Interior cells only: the margins are added after rounding, so that the true ones never leave.
WITH latest AS (
    SELECT * FROM mart.population_by_town
    WHERE period = (SELECT max(period) FROM mart.population_by_town)
),

labelled AS (
    SELECT
        survey_date,
        town,
        resident_count,
        CASE WHEN age_band = 17 THEN '85歳以上'
             ELSE (age_band * 5) || '-' || (age_band * 5 + 4) || '歳' END
        || 'の' || CASE sex_code WHEN '1' THEN '男性' ELSE '女性' END AS cell
    FROM latest
),

cells AS (
    PIVOT labelled ON cell IN (
    '0-4歳の男性', '0-4歳の女性', '5-9歳の男性', '5-9歳の女性',
    '10-14歳の男性', '10-14歳の女性', '15-19歳の男性', '15-19歳の女性',
    '20-24歳の男性', '20-24歳の女性', '25-29歳の男性', '25-29歳の女性',
    '30-34歳の男性', '30-34歳の女性', '35-39歳の男性', '35-39歳の女性',
    '40-44歳の男性', '40-44歳の女性', '45-49歳の男性', '45-49歳の女性',
    '50-54歳の男性', '50-54歳の女性', '55-59歳の男性', '55-59歳の女性',
    '60-64歳の男性', '60-64歳の女性', '65-69歳の男性', '65-69歳の女性',
    '70-74歳の男性', '70-74歳の女性', '75-79歳の男性', '75-79歳の女性',
    '80-84歳の男性', '80-84歳の女性', '85歳以上の男性', '85歳以上の女性'
    ) USING coalesce(sum(resident_count), 0)::BIGINT GROUP BY survey_date, town
)

SELECT
    getvariable('local_government_code') AS 全国地方公共団体コード,
    getvariable('prefecture') || getvariable('city') AS 地方公共団体名,
    strftime(survey_date, '%Y-%m-%d') AS 調査年月日,
    town AS 地域名,
    * EXCLUDE (survey_date, town)
FROM cells
ORDER BY 地域名

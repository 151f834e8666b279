WITH districts AS (
    SELECT
        school_kind_code,
        school_name,
        max(decided_date) AS decided_date,
        string_agg(town, ';' ORDER BY town) AS towns,
        string_agg(
            CASE WHEN extent_code = '2' OR note IS NOT NULL
                THEN town || CASE extent_code WHEN '2' THEN 'の一部' ELSE '' END || coalesce('(' || note || ')', '')
            END, '、' ORDER BY town
        ) AS notes
    FROM common.school_districts
    GROUP BY school_kind_code, school_name
)

SELECT
    getvariable('local_government_code') AS 情報の管理主体_全国地方公共団体コード,
    school_code AS 学校コード,
    getvariable('prefecture') AS 学校所在地_都道府県名,
    getvariable('city') AS 学校所在地_市区町村名,
    getvariable('local_government_code') AS 学校所在地_全国地方公共団体コード,
    districts.school_name AS 学校名称,
    school_name_kana AS 学校名称_カナ,
    CASE districts.school_kind_code WHEN '1' THEN '1503' WHEN '2' THEN '1504' END AS 行政サービス拠点種別,
    strftime(decided_date, '%Y-%m-%d') AS 通学区域_登録年月日,
    towns AS 通学区域の住所,
    notes AS 特記事項
FROM districts
-- A school that the list of schools lacks keeps its district, without a code.
LEFT JOIN common.educational_institutions AS school
    ON school.school_name = districts.school_name
    AND school.school_kind_code = CASE districts.school_kind_code WHEN '1' THEN 'B1' ELSE 'C1' END
ORDER BY districts.school_kind_code, districts.school_name

-- 文化財分類 has words for what the state designates alone; what prefecture and city do stands in 備考.
SELECT
    getvariable('local_government_code') AS 全国地方公共団体コード,
    property_id AS ID,
    getvariable('prefecture') || getvariable('city') AS 地方公共団体名,
    property_name AS 名称,
    property_name_kana AS 名称_カナ,
    common_name AS 名称_通称,
    CASE WHEN level_code = '1' THEN class_name END AS 文化財分類,
    CASE kind_code
        WHEN '1' THEN '建造物' WHEN '2' THEN '美術工芸品' WHEN '3' THEN '芸能' WHEN '4' THEN '工芸技術'
        ELSE 'その他'
    END AS 種類,
    place_name AS 場所名称,
    CASE WHEN address IS NOT NULL THEN getvariable('local_government_code') END AS 所在地_全国地方公共団体コード,
    address AS 所在地_連結表記,
    CASE WHEN address IS NOT NULL THEN getvariable('prefecture') END AS 所在地_都道府県,
    CASE WHEN address IS NOT NULL THEN getvariable('city') END AS 所在地_市区町村,
    address_town AS 所在地_町字,
    address_number AS 所在地_番地以下,
    address_building AS "建物名等(方書)",
    printf('%.6f', latitude) AS 緯度,
    printf('%.6f', longitude) AS 経度,
    item_count::VARCHAR AS "員数（数）",
    item_unit AS "員数（単位）",
    keeper_name AS 所有者等,
    strftime(designated_date, '%Y-%m-%d') AS 文化財指定日,
    replace(open_weekdays, '・', '') AS 利用可能曜日,
    lpad(opening_time, 5, '0') AS 開始時間,
    lpad(closing_time, 5, '0') AS 終了時間,
    opening_note AS 利用可能日時特記事項,
    summary AS 概要,
    CASE level_code WHEN '2' THEN '府指定 ' || class_name WHEN '3' THEN '市指定 ' || class_name END AS 備考
FROM common.cultural_properties
WHERE _period = (SELECT max(_period) FROM common.cultural_properties)
ORDER BY property_id

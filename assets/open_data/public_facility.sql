SELECT
    getvariable('local_government_code') AS 全国地方公共団体コード,
    facility_id AS ID,
    getvariable('prefecture') || getvariable('city') AS 地方公共団体名,
    facility_name AS 名称,
    facility_name_kana AS 名称_カナ,
    getvariable('local_government_code') AS 所在地_全国地方公共団体コード,
    address AS 所在地_連結表記,
    getvariable('prefecture') AS 所在地_都道府県,
    getvariable('city') AS 所在地_市区町村,
    printf('%.6f', latitude) AS 緯度,
    printf('%.6f', longitude) AS 経度,
    phone AS 電話番号,
    postal_code AS 郵便番号,
    getvariable('prefecture') || getvariable('city') AS 団体名,
    lpad(opening_time, 5, '0') AS 開始時間,
    lpad(closing_time, 5, '0') AS 終了時間,
    CASE WHEN closed_days IS NOT NULL THEN '休館日: ' || closed_days END AS 利用可能時間特記事項,
    CASE is_wheelchair_accessible WHEN true THEN '可' WHEN false THEN '否' END AS 車椅子可,
    url AS URL
FROM common.public_facilities
WHERE _period = (SELECT max(_period) FROM common.public_facilities)
ORDER BY facility_id

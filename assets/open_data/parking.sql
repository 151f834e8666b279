SELECT
    getvariable('local_government_code') AS 公営駐車場_全国地方公共団体コード,
    parking_id AS 公営駐車場_ID,
    parking_name AS 公営駐車場_名称,
    CASE vehicle_kind_code
        WHEN '1' THEN '自動車' WHEN '2' THEN '自動二輪車' WHEN '3' THEN '自動車;自動二輪車'
    END AS 公営駐車場_車種,
    capacity_count AS 公営駐車場_最大駐車台数,
    getvariable('local_government_code') AS 所在地_全国地方公共団体コード,
    address AS 所在地_連結表記,
    getvariable('prefecture') AS 所在地_都道府県,
    getvariable('city') AS 所在地_市区町村,
    address_town AS 所在地_町字,
    address_number AS 所在地_番地以下,
    address_building AS "建物名等(方書)",
    phone AS 連絡先電話番号
FROM common.parking_lots
ORDER BY parking_id

SELECT
    getvariable('local_government_code') AS 全国地方公共団体コード,
    access_point_id AS ID,
    getvariable('prefecture') || getvariable('city') AS 地方公共団体名,
    facility_name AS 名称,
    facility_name_kana AS 名称_カナ,
    getvariable('local_government_code') AS 所在地_全国地方公共団体コード,
    address AS 所在地_連結表記,
    getvariable('prefecture') AS 所在地_都道府県,
    getvariable('city') AS 所在地_市区町村,
    address_town AS 所在地_町字,
    address_number AS 所在地_番地以下,
    address_building AS "建物名等(方書)",
    printf('%.6f', latitude) AS 緯度,
    printf('%.6f', longitude) AS 経度,
    installer_name AS 設置者,
    phone AS 電話番号,
    postal_code AS 郵便番号,
    ssid AS SSID,
    area AS 提供エリア
FROM common.public_wireless_lans
WHERE _period = (SELECT max(_period) FROM common.public_wireless_lans)
ORDER BY access_point_id

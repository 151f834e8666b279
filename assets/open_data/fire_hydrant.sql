SELECT
    getvariable('local_government_code') AS 全国地方公共団体コード,
    hydrant_id AS ID,
    getvariable('prefecture') || getvariable('city') AS 地方公共団体名,
    CASE kind_code
        WHEN '1' THEN '消火栓' WHEN '2' THEN '私設消火栓' WHEN '3' THEN '防火水そう'
        WHEN '4' THEN 'プール' WHEN '5' THEN '井戸' ELSE 'その他'
    END AS 種別,
    getvariable('local_government_code') AS 所在地_全国地方公共団体コード,
    address AS 所在地_連結表記,
    getvariable('prefecture') AS 所在地_都道府県,
    getvariable('city') AS 所在地_市区町村,
    address_town AS 所在地_町字,
    address_number AS 所在地_番地以下,
    address_building AS "建物名等(方書)",
    printf('%.6f', latitude) AS 緯度,
    printf('%.6f', longitude) AS 経度,
    diameter_mm AS 口径,
    CASE WHEN capacity_m3 IS NOT NULL THEN '容量' || capacity_m3 || '立方メートル' END AS 備考
FROM common.fire_hydrants
WHERE _period = (SELECT max(_period) FROM common.fire_hydrants)
ORDER BY hydrant_id

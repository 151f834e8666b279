SELECT
    getvariable('local_government_code') AS 防災行政無線_全国地方公共団体コード,
    station_number AS 設備_ID,
    station_number AS 防災行政無線_ID,
    station_name AS 防災行政無線_名称,
    station_name_kana AS "防災行政無線_名称（カナ）",
    CASE mount_code WHEN '1' THEN '鋼管柱' WHEN '2' THEN '建物屋上' WHEN '3' THEN '学校敷地' END
    || '、スピーカー' || speaker_count || '台' AS 防災行政無線_説明,
    printf('%.6f', latitude) AS 防災行政無線_緯度,
    printf('%.6f', longitude) AS 防災行政無線_経度,
    'JGD2011' AS 防災行政無線_座標参照系,
    'EPSG:6668' AS 防災行政無線_座標参照系コード,
    area_name AS 防災行政無線_地区名,
    getvariable('local_government_code') AS 所在地_全国地方公共団体コード,
    address AS 所在地_連結表記,
    getvariable('prefecture') AS 所在地_都道府県,
    getvariable('city') AS 所在地_市区町村,
    address_town AS 所在地_町字,
    address_number AS 所在地_番地以下
FROM common.emergency_radios
ORDER BY station_number

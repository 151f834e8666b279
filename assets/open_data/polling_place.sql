SELECT
    getvariable('local_government_code') AS 投票所_全国地方公共団体コード,
    facility_id AS 施設_ID,
    place_id AS 投票所_ID,
    place_name AS 投票所_名称,
    place_name_kana AS "投票所_名称（カナ）",
    concat_ws(
        '、', '住所: ' || address, '部屋: ' || room,
        CASE is_step_free WHEN true THEN '段差なし' WHEN false THEN '段差あり' END
    ) AS 投票所_説明,
    printf('%.6f', latitude) AS 投票所_緯度,
    printf('%.6f', longitude) AS 投票所_経度,
    'JGD2011' AS 投票所_座標参照系,
    'EPSG:6668' AS 投票所_座標参照系コード,
    CASE kind_code WHEN '1' THEN '当日投票所' ELSE '期日前投票所' END AS 投票所_投票所区分,
    district_name AS 投票所_投票区名
FROM common.polling_places
WHERE _period = (SELECT max(_period) FROM common.polling_places)
ORDER BY place_id

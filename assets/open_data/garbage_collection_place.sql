SELECT
    getvariable('local_government_code') AS ゴミ集積場所_全国地方公共団体コード,
    place_id AS ゴミ集積場所_ID,
    place_name AS ゴミ集積場所_名称,
    printf('%.6f', latitude) AS ゴミ集積場所_緯度,
    printf('%.6f', longitude) AS ゴミ集積場所_経度,
    'JGD2011' AS ゴミ集積場所_座標参照系,
    'EPSG:6668' AS ゴミ集積場所_座標参照系コード,
    '可燃ごみ;プラスチック製容器包装' AS ゴミ集積場所_ゴミ種類,
    town AS ゴミ集積場所_地区名,
    '可燃ごみ:' || replace(burnable_days, '・', '') || ';プラスチック製容器包装:' || plastic_days
        AS ゴミ集積場所_ゴミ収集日,
    getvariable('prefecture') AS 所在地_都道府県,
    getvariable('city') AS 所在地_市区町村,
    town AS 所在地_町字
FROM common.garbage_collection_places
ORDER BY place_id

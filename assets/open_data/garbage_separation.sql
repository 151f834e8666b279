SELECT
    getvariable('local_government_code') AS 全国地方公共団体コード,
    item_number AS ID,
    getvariable('prefecture') || getvariable('city') AS 地方公共団体名,
    item_name AS ゴミの品目,
    CASE category_code
        WHEN '1' THEN '可燃ごみ' WHEN '2' THEN '不燃ごみ' WHEN '3' THEN 'プラスチック製容器包装'
        WHEN '4' THEN 'ペットボトル' WHEN '5' THEN '紙・布' WHEN '6' THEN 'ガラスびん'
        WHEN '7' THEN '危険ごみ' WHEN '8' THEN '粗大ごみ' WHEN '9' THEN '空き缶・金属類'
        WHEN '0' THEN '市では収集しないもの'
    END AS 分別区分,
    caution AS 注意点,
    CASE WHEN is_charged THEN '有料' WHEN category_code <> '0' THEN '無料' END AS 料金種別,
    fee_yen::VARCHAR AS 料金,
    CASE WHEN is_charged THEN '1点あたりの円' END AS 料金備考,
    item_name_kana AS ゴミの品目_カナ
FROM common.garbage_items
ORDER BY item_number

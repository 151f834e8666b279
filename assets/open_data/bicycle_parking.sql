SELECT
    getvariable('local_government_code') AS 公営駐輪場_全国地方公共団体コード,
    parking_id AS 公営駐輪場_ID,
    parking_name AS 公営駐輪場_名称,
    parking_name_kana AS "公営駐輪場_名称（カナ）",
    concat_ws(
        '、', '住所: ' || address, '利用時間: ' || hours, '一時利用: ' || day_fee_yen || '円',
        '定期利用: 1か月' || month_fee_yen || '円',
        CASE WHEN motorcycle_count > 0 THEN '原付: ' || motorcycle_count || '台' END
    ) AS 公営駐輪場_説明,
    printf('%.6f', latitude) AS 公営駐輪場_緯度,
    printf('%.6f', longitude) AS 公営駐輪場_経度,
    CASE is_indoors WHEN true THEN '屋内' WHEN false THEN '屋外' END AS 公営駐輪場_屋内外,
    bicycle_count AS 公営駐輪場_最大駐輪台数
FROM common.bicycle_parkings
WHERE _period = (SELECT max(_period) FROM common.bicycle_parkings)
ORDER BY parking_id

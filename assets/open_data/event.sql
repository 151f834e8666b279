WITH places AS (
    SELECT * FROM common.public_facilities
    WHERE _period = (SELECT max(_period) FROM common.public_facilities)
)

SELECT
    getvariable('local_government_code') AS 全国地方公共団体コード,
    event_id AS ID,
    getvariable('prefecture') || getvariable('city') AS 地方公共団体名,
    event_name AS イベント名,
    event_name_kana AS イベント名_カナ,
    strftime(start_date, '%Y-%m-%d') AS 開始日,
    strftime(end_date, '%Y-%m-%d') AS 終了日,
    lpad(start_time, 5, '0') AS 開始時間,
    lpad(end_time, 5, '0') AS 終了時間,
    outline AS 説明,
    CASE category_code
        WHEN '1' THEN '文化・芸術' WHEN '2' THEN '音楽' WHEN '3' THEN 'セミナー'
        WHEN '4' THEN '子育て・教育' WHEN '5' THEN '健康・福祉、スポーツ' WHEN '6' THEN '生活と環境'
        WHEN '7' THEN '催事・観光' WHEN '8' THEN '仕事・産業' WHEN '9' THEN 'その他イベント'
    END AS イベント種類,
    fee_yen AS "料金(基本)",
    CASE WHEN fee_yen = 0 THEN '無料' ELSE '有料' END AS 料金種別,
    organiser_name AS 主催者,
    target AS 対象者,
    place_name AS 場所名称,
    CASE WHEN address IS NOT NULL THEN getvariable('local_government_code') END AS 所在地_全国地方公共団体コード,
    address AS 所在地_連結表記,
    CASE WHEN address IS NOT NULL THEN getvariable('prefecture') END AS 所在地_都道府県,
    CASE WHEN address IS NOT NULL THEN getvariable('city') END AS 所在地_市区町村,
    address_town AS 所在地_町字,
    address_number AS 所在地_番地以下,
    printf('%.6f', latitude) AS 緯度,
    printf('%.6f', longitude) AS 経度,
    capacity_count AS 定員,
    strftime(apply_by_date, '%Y-%m-%d') AS 参加申込終了日,
    how_to_apply AS 参加申込方法,
    inquiry_name AS 連絡先名称,
    inquiry_phone AS 連絡先電話番号
FROM common.events
-- A place that the list of facilities lacks is named without an address.
LEFT JOIN places USING (facility_id)
WHERE events._period = (SELECT max(_period) FROM common.events)
ORDER BY start_date, event_id

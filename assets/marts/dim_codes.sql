-- Every code list of every contract, as the register declares it.
SELECT
    dataset,
    dataset_title,
    column_name,
    column_title,
    code,
    label,
    place::INTEGER AS place
FROM declared.code_lists
ORDER BY dataset, column_name, place

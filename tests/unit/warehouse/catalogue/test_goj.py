"""DCAT-GOJ: the required Japanese fields of every dataset and file."""

import json


def test_required_fields_are_there(files, catalogue):
    datasets = json.loads(files["dcat_goj.json"])["データセット"]
    assert len(datasets) == len(catalogue.entries)
    for dataset in datasets:
        assert all(dataset[name] for name in ("管理ID", "タイトル", "説明"))
        for file in dataset["配信"]:
            assert all(file[name] for name in ("タイトル", "説明", "最終更新日", "アクセスURL"))


def test_the_status_says_what_is_offered(files):
    datasets = json.loads(files["dcat_goj.json"])["データセット"]
    assert [d["ステータス"] for d in datasets] == ["配信中", "配信中", "配信停止中"]
    assert datasets[2]["公開条件"] == "公開を取り下げました。場所に誤りがあったため。"
    assert datasets[2]["配信"] == []

"""`machikane bundle`: what a person types on either side, and what is answered."""

from typer.testing import CliRunner

from pipelines.commands.bundle_app import bundle_app
from tests.unit.warehouse.bundle.carrying import FIRST, SECOND, Sides, contents


def run(*words):
    return CliRunner().invoke(bundle_app, [str(word) for word in words])


def test_from_the_closed_to_the_public_side(tmp_path):
    sides = Sides(tmp_path)
    sides.publish(FIRST)
    key = tmp_path / "machikane.pub"
    key.write_text(sides.key, "utf-8")
    out = tmp_path / "1.tar"
    made = run("export", "--out", out, "--home", sides.home.root)
    assert made.exit_code == 0, made.output
    assert "第1号(全部)" in made.output

    shown = run("show", out)
    assert "入っている  index.html(8 バイト)" in shown.output
    assert "署名: 確かめていません" in shown.output
    assert "署名: 公開鍵と合っています" in run("show", out, "--public-key", key).output

    applied = run("apply", out, "--to", tmp_path / "www", "--public-key", key)
    assert "第1号を適用しました。置いたファイル 6、なくしたファイル 0" in applied.output
    again = run("apply", out, "--to", tmp_path / "www", "--public-key", key)
    assert "すでに適用してあります。何も変えていません。" in again.output

    sides.publish(SECOND)
    assert "第2号" in run("export", "--out", tmp_path / "2.tar", "--home", sides.home.root).output
    shown = run("show", tmp_path / "2.tar")
    assert "なくなる    datasets/toilet/v1/t.csv" in shown.output
    run("apply", tmp_path / "2.tar", "--to", tmp_path / "www", "--public-key", key)
    assert contents(tmp_path / "www") == SECOND


def test_nothing_new_is_said(tmp_path):
    sides = Sides(tmp_path)
    sides.publish(FIRST)
    run("export", "--out", tmp_path / "1.tar", "--home", sides.home.root)
    again = run("export", "--out", tmp_path / "2.tar", "--home", sides.home.root)
    assert "前の束から何も変わっていません" in again.output

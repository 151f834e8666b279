"""A zip's files are named as their sender named them; one that tricks is refused by name."""

import io
import stat
import zipfile

import pytest

from warehouse.readers import archive
from warehouse.readers.archive import list_members, open_member
from warehouse.readers.safety import zip_check
from warehouse.refusal import Refusal


def pack(files, *, flag=True, encoding="cp932"):
    """Zip (name, content) pairs; without the flag names are the bytes of an encoding."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files:
            info = zipfile.ZipInfo(name if flag else name.encode(encoding).decode("cp437"))
            if not flag:
                info = _Unflagged(info.filename)
            info.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(info, content)
    return buffer.getvalue()


class _Unflagged(zipfile.ZipInfo):
    def _encodeFilenameFlags(self):  # noqa: N802 - what the library calls
        return self.filename.encode("cp437"), self.flag_bits & ~0x800


@pytest.fixture
def members(tmp_path):
    def ask(data):
        path = tmp_path / "届いた.zip"
        path.write_bytes(data)
        return list_members(path, "届いた.zip", tmp_path)

    return ask


def names(contents):
    return [member.name for member in contents.members]


def refused(members, data):
    with pytest.raises(Refusal) as caught:
        members(data)
    assert "届いた.zip" in caught.value.where
    return caught.value.rule


@pytest.mark.parametrize("name", ["住民/一覧.csv", "plain.csv", "能ソ表十.csv"])
@pytest.mark.parametrize(("flag", "encoding"), [(True, ""), (False, "cp932"), (False, "utf-8")])
def test_names_are_read_as_the_sender_wrote_them(members, name, flag, encoding):
    assert names(members(pack([(name, "a,b")], flag=flag, encoding=encoding))) == [name]


def test_what_a_system_leaves_behind_is_set_aside_and_told(members):
    left = ["__MACOSX/._a.csv", ".DS_Store", "x/Thumbs.db", "x/desktop.ini"]
    contents = members(pack([("a.csv", "a,b"), ("x/", ""), *((n, "") for n in left)]))
    assert names(contents) == ["a.csv"]
    assert all(name in contents.warnings[0] for name in left)


def test_zips_in_a_zip_are_walked_once(members):
    inner = pack([("b.csv", "1"), ("c.csv", "2")])
    assert names(members(pack([("a.csv", "0"), ("in.zip", inner)]))) == [
        "a.csv", "in.zip/b.csv", "in.zip/c.csv",
    ]  # fmt: skip
    deeper = pack([("in.zip", pack([("most.zip", inner)]))])
    assert refused(members, deeper) == "zip.too_deep"


def test_a_workbook_in_a_zip_is_a_file(members):
    workbook = pack([("[Content_Types].xml", ""), ("xl/workbook.xml", "")])
    assert names(members(pack([("人口.xlsx", workbook)]))) == ["人口.xlsx"]


@pytest.mark.parametrize(
    "name", ["../a.csv", "x/../../a.csv", "/etc/a.csv", "C:\\a.csv", "C:/a.csv", "x\\..\\a.csv"]
)
def test_a_name_that_leaves_the_folder_is_refused(members, name):
    assert refused(members, pack([("ok.csv", ""), (name, "x")])) == "zip.unsafe_name"


def test_a_link_is_refused(members):
    info = zipfile.ZipInfo("link.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr(info, "/etc/passwd")
    assert refused(members, buffer.getvalue()) == "zip.link"


def test_an_encrypted_member_is_refused(members):
    data = bytearray(pack([("a.csv", "a,b")]))
    data[6] |= 1
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    assert refused(members, bytes(data)) == "zip.encrypted"


def test_a_zip_that_unfolds_without_end_is_refused(members, monkeypatch):
    monkeypatch.setattr(zip_check, "BIG", 1000)
    assert refused(members, pack([("a.csv", "0" * 1_000_000)])) == "zip.bomb"


def test_zips_that_are_too_much_together_are_refused(members, monkeypatch):
    monkeypatch.setattr(archive, "MOST", 500)
    inner = pack([("b.csv", "0" * 300)])
    assert names(members(pack([("one.zip", inner)]))) == ["one.zip/b.csv"]
    assert refused(members, pack([("one.zip", inner), ("two.zip", inner)])) == "zip.bomb"


def test_a_broken_member_is_refused(members, tmp_path):
    data = bytearray(pack([("a.csv", "住民,氏名\n" * 100)]))
    data[60] ^= 0xFF
    with pytest.raises(Refusal) as caught:
        members(bytes(data)).members[0].extract(tmp_path, "届いた.zip")
    assert caught.value.rule == "zip.broken"


@pytest.fixture
def chosen(tmp_path):
    def ask(files, pattern, period="2026-04"):
        path = tmp_path / "z"
        path.write_bytes(pack(files))
        with open_member(path, pattern, period, "届いた.zip") as (inner, name, notes):
            return name, inner.read_text("utf-8"), "".join(notes)

    return ask


TWO = [("x/利用_202604.csv", "4月"), ("x/利用_202605.csv", "5月"), ("説明.txt", "説明")]


def test_the_one_file_a_contract_means_is_taken_out(chosen):
    assert chosen([("a.csv", "1")], None) == ("a.csv", "1", "")
    assert ".DS_Store" in chosen([("a.csv", "1"), (".DS_Store", "")], None)[2]
    assert chosen(TWO, "利用_{year}{month}.csv")[:2] == ("x/利用_202604.csv", "4月")
    name, text, notes = chosen(TWO, "x/*05.csv", "-")
    assert (name, text) == ("x/利用_202605.csv", "5月")
    assert "利用_202604.csv、説明.txt" in notes


@pytest.mark.parametrize(
    ("pattern", "rule"),
    [(None, "zip.many_members"), ("利用*", "zip.many_members"), ("何か*", "zip.no_member")],
)
def test_no_file_is_guessed(chosen, pattern, rule):
    with pytest.raises(Refusal) as caught:
        chosen(TWO, pattern)
    assert caught.value.rule == rule
    assert "利用_202604.csv" in caught.value.where

"""Signatures that anybody can check with minisign, and nobody can bend."""

import shutil
import subprocess

import pytest

from warehouse.home import Home
from warehouse.signing import public_key, sign, verify

DATA = "ID,名称\n001,図書館\n".encode()
needs_minisign = pytest.mark.skipif(
    shutil.which("minisign") is None, reason="minisign is not installed"
)


@pytest.fixture
def signed(home):
    return sign(home, DATA, "release:facility version:v1"), public_key(home)


def test_what_was_signed_is_verified_and_the_key_stays_the_same(home, signed):
    signature, key = signed
    assert verify(key, DATA, signature)
    assert verify(key.splitlines()[1], DATA, signature)
    assert public_key(home) == key
    assert sign(home, DATA, "release:facility version:v1") == signature
    assert (home.keys / "signing.key").stat().st_mode & 0o077 == 0


def test_every_single_changed_byte_of_data_and_signature_is_seen(signed):
    signature, key = signed
    assert not any(verify(key, _flip(DATA, n), signature) for n in range(len(DATA)))
    untrusted = signature.index(b"\n") + 1
    changed = range(untrusted, len(signature) - 1)
    assert [n for n in changed if verify(key, DATA, _flip(signature, n))] == []


def _flip(data, place):
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def test_the_signature_of_another_city_does_not_pass(signed, tmp_path):
    other = Home(tmp_path / "other")
    signature, key = signed
    assert not verify(public_key(other), DATA, signature)
    assert not verify(key, DATA, sign(other, DATA, "release:facility version:v1"))


@pytest.mark.parametrize("nonsense", [b"", b"\xff\n\n\n", b"a\nb\nc\nd\n", b"\n" * 9])
def test_what_is_no_signature_does_not_pass(signed, nonsense):
    assert not verify(signed[1], DATA, nonsense)
    assert not verify(nonsense.decode("latin-1"), DATA, signed[0])


def test_a_comment_stays_one_line(home):
    signature = sign(home, DATA, "一行目\n二行目  三")
    assert signature.decode().splitlines()[2] == "trusted comment: 一行目 二行目 三"
    assert verify(public_key(home), DATA, signature)


@needs_minisign
def test_minisign_verifies_it_and_sees_tampering(signed, tmp_path):
    signature, key = signed
    file, pub = tmp_path / "SHA256SUMS", tmp_path / "machikane.pub"
    file.write_bytes(DATA)
    (tmp_path / "SHA256SUMS.minisig").write_bytes(signature)
    pub.write_text(key)
    done = _minisign("-V", "-H", "-p", pub, "-m", file)
    assert done.returncode == 0, done.stderr
    assert "release:facility version:v1" in done.stdout
    assert _minisign("-V", "-P", key.splitlines()[1], "-m", file).returncode == 0
    file.write_bytes(DATA + b"002,\n")
    assert _minisign("-V", "-p", pub, "-m", file).returncode != 0
    file.write_bytes(DATA)
    bent = signature.replace(b"version:v1", b"version:v2")
    (tmp_path / "SHA256SUMS.minisig").write_bytes(bent)
    assert _minisign("-V", "-p", pub, "-m", file).returncode != 0


@needs_minisign
def test_what_minisign_signed_is_verified_here(tmp_path):
    pub, secret, file = tmp_path / "a.pub", tmp_path / "a.key", tmp_path / "data"
    file.write_bytes(DATA)
    made = _minisign("-G", "-W", "-p", pub, "-s", secret)
    assert made.returncode == 0, made.stderr
    assert _minisign("-S", "-s", secret, "-m", file, "-t", "まちかね").returncode == 0
    signature = (tmp_path / "data.minisig").read_bytes()
    assert verify(pub.read_text(), DATA, signature)
    assert not verify(pub.read_text(), DATA + b"x", signature)


def _minisign(*arguments):
    command = ["minisign", *(str(argument) for argument in arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, input="")

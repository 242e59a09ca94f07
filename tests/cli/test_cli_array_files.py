"""Files of arrays where a shape is taken: their headers, as numpy and safetensors write them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from safetensors.numpy import save_file

from seqdsl.cli.main import cli
from seqdsl.project.array_files import ArrayFile, BadArrayFile, read_header

PICTURE = "      Y\n      |\nH-H-H-H   lstm(5)\n| | | |\nX X X X   input(3)\n\nY = dense(2)\n"
NPY = b"\x93NUMPY\x01\x00"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    x, y = np.zeros((9, 4, 3), np.float32), np.zeros((9, 2))
    np.save(tmp_path / "x.npy", x)
    np.save(tmp_path / "ids.npy", np.zeros((9, 4), np.int64))
    np.savez_compressed(tmp_path / "both.npz", x=x, y=y)
    np.savez(tmp_path / "one.npz", y=y)
    save_file({"x": x, "y": y}, tmp_path / "both.safetensors")
    (tmp_path / "picture.seq").write_text(PICTURE)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x.npy", ArrayFile((9, 4, 3), is_whole=False)),
        ("ids.npy", ArrayFile((9, 4), is_whole=True)),
        ("both.npz:y", ArrayFile((9, 2), is_whole=False)),
        ("one.npz", ArrayFile((9, 2), is_whole=False)),
        ("both.safetensors:x", ArrayFile((9, 4, 3), is_whole=False)),
    ],
)
def test_headers(data: Path, name: str, expected: ArrayFile) -> None:
    assert read_header(str(data / name)) == expected


@pytest.mark.parametrize("dtype", ["<f2", ">f4", "f8", "u1", ">i4", "?"])
@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_versions_and_types_of_numpy(tmp_path: Path, dtype: str, version: tuple[int, int]) -> None:
    file = tmp_path / "x.npy"
    array = np.asfortranarray(np.zeros((7, 2), dtype))
    with file.open("wb") as stream:
        np.lib.format.write_array(stream, array, version)
    assert read_header(str(file)) == ArrayFile((7, 2), is_whole=array.dtype.kind in "iub")


def test_only_the_header_is_read(tmp_path: Path) -> None:
    file = tmp_path / "x.npy"
    np.save(file, np.zeros((2, 3)))
    with file.open("r+b") as stream:
        stream.truncate(stream.seek(0, 2) - 40)
    assert read_header(str(file)).shape == (2, 3)


def test_check(data: Path) -> None:
    def check(*arguments: str) -> Result:
        return run("check", str(data / "picture.seq"), *arguments)

    assert check("--data", str(data / "x.npy"), "--target", f"{data}/both.npz:y").exit_code == 0
    assert check(f"--data=x={data}/both.safetensors:x").exit_code == 0
    wrong = check("--data", f"{data}/both.npz:y")
    assert wrong.exit_code == 1 and "(9, 2)" in wrong.output


def test_data_is_not_that_of_a_called_picture(tmp_path: Path) -> None:
    tower = "model tower\n    V\n    |\nH-H-H   gru(4)\n| | |\nX X X   input(5)\n\n"
    pair = "model pair\nY Y   dense(2)\n| |\nT T   tower\n| |\nX X   input(3, 5)\n"
    file = tmp_path / "pair.seq"
    file.write_text(tower + pair)
    # What each node holds is what `tower` takes, so that the data of `pair` does not fit `tower` by itself.
    fits = run("check", str(file), "--data", "9,2,3,5", "--target", "9,2,2")
    assert (fits.exit_code, "tower" in fits.output) == (0, False)
    assert run("check", str(file), "--data", "9,3,5").exit_code == 1


def test_new(data: Path) -> None:
    by_file = run("new", "--input", str(data / "x.npy"), "--output", f"{data}/both.npz:y")
    assert by_file.exit_code == 0
    assert by_file.output == run("new", "--input", "4,3", "--output", "2").output


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ((9, 4, 8, 6, 3), "4x8,6,3"),
        ((9, 8, 6, 3), "8,6,3"),
        ((9, 4, 3, 8, 6), "channels before height and width: a shape has them last, 4x8,6,3"),
        ((9, 3, 8, 6), "channels before height and width: a shape has them last, 8,6,3"),
    ],
)
def test_new_of_images(tmp_path: Path, shape: tuple[int, ...], text: str) -> None:
    np.save(tmp_path / "x.npy", np.zeros(shape, np.uint8))
    result = run("new", "--input", str(tmp_path / "x.npy"), "--output", "2")
    assert result.exit_code == (2 if " " in text else 0)
    assert text in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("both.npz", "holds 2 arrays (x, y): choose one"),
        ("both.npz:z", "holds no array `z`; it holds x, y"),
        ("both.safetensors", "holds 2 arrays (x, y): choose one"),
        ("x.npy:x", "has no key"),
        ("nowhere.npy", "no such file"),
        ("ids.npy", "4,tokens:SIZE"),
    ],
)
def test_what_is_not_told(data: Path, option: str, told: str) -> None:
    result = run("new", "--input", str(data / option), "--output", "2")
    assert result.exit_code == 2 and told in " ".join(result.output.split())
    if "ids" not in option:
        result = run("check", str(data / "picture.seq"), "--data", str(data / option))
        assert result.exit_code == 2 and told in " ".join(result.output.split())


def header(text: str) -> bytes:
    return NPY + len(text).to_bytes(2, "little") + text.encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        NPY + b"\xff\xff",
        header("{"),
        header("[" * 9000),
        header("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}"),
        header("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}"),
        header("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 2)}"),
        header("{'descr': '<f4', 'fortran_order': False, 'shape': (True, 2)}"),
        header(f"{{'descr': '<f4', 'fortran_order': False, 'shape': (1{'0' * 5000},)}}"),
        header("{'descr': '<f4', 'fortran_order': False, 'shape': 'x'}"),
        header("__import__('os')"),
    ],
)
@pytest.mark.parametrize("suffix", ["npy", "npz", "safetensors"])
def test_junk_is_a_sentence(tmp_path: Path, content: bytes, suffix: str) -> None:
    file = tmp_path / f"x.{suffix}"
    if suffix == "npz":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("x.npy", content)
    else:
        file.write_bytes(content)
    with pytest.raises(BadArrayFile) as told:
        read_header(str(file))
    assert str(file) in str(told.value) and "\n" not in str(told.value)


@pytest.mark.parametrize(
    "value",
    [
        [],
        {"x": 1},
        {"x": {}},
        {"x": {"dtype": "F32", "shape": 3}},
        {"x": {"dtype": "F32", "shape": ["a"]}},
        7,
    ],
)
def test_junk_of_safetensors(tmp_path: Path, value: object) -> None:
    file = tmp_path / "x.safetensors"
    text = json.dumps(value).encode()
    file.write_bytes(len(text).to_bytes(8, "little") + text)
    with pytest.raises(BadArrayFile):
        read_header(str(file))


def test_a_header_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "x.safetensors"
    file.write_bytes((1 << 60).to_bytes(8, "little") + b"{}")
    with pytest.raises(BadArrayFile, match="at most"):
        read_header(str(file))
    assert run("check", "nowhere", "--data", f"{tmp_path}/\0.npy").exit_code == 2

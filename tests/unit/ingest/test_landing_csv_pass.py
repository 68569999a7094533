"""From bytes to records: RFC 4180, record numbers, the fast way and the slow way to the same answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.ingest import csv_pass

PIECES = ["a", "b;c", "x;y", "1;2;3", "\n", '"q;\n";z', '"a""b";c', 'x"y;z', "\n", "q", '"w"z;', "é;å", '"";', "\r"]


def content(data: bytes) -> csv_pass.Content:
    return csv_pass.Content(Path("x.csv"), data, "")


def fast(data: bytes) -> list[tuple[int, bool, str, str]]:
    table = csv_pass.read_table(content(data), csv_pass.header_of(data), ["a", "b"])
    return [(row["line_number"], row["has_right_fields"], row["a"], row["b"]) for row in table.to_pylist()]


def slow(data: bytes) -> list[tuple[int, bool, str, str]]:
    header = csv_pass.header_of(data)
    found = []
    for number, text in csv_pass.records(data, header.offset):
        fields = csv_pass.split_record(text)
        first, second, *_ = [*fields, "", ""]
        found.append((number, len(fields) == 2, first, second))
    return found


@settings(max_examples=400, deadline=None)
@given(
    pieces=st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["\n", "\r\n", ""])), max_size=25),
    block=st.sampled_from([64, 300, csv_pass.BLOCK_BYTES]),
)
def test_the_fast_way_reads_what_the_slow_way_reads(pieces: list[tuple[str, str]], block: int) -> None:
    """A record number that is one off gives a person's row to another, in the lake and in quarantine."""
    data = ("a;b\n" + "".join(text + end for text, end in pieces)).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_pass, "BLOCK_BYTES", block)
        # What ends a record without quotes at the file's end is a matter of taste: the line end after a quote that never closes.
        assert [(*row[:2], *(text.rstrip("\r\n") for text in row[2:])) for row in fast(data)] == [
            (*row[:2], *(text.rstrip("\r\n") for text in row[2:])) for row in slow(data)
        ]


def test_the_records_are_those_of_pythons_csv_reader() -> None:
    """An oracle of another hand: what both of our ways get wrong, they get wrong together."""
    import csv
    import io

    text = 'a;b\r\n1;"x;\r\n""y"""\n\n2;"z"\n;\n'
    expected = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") if row][1:]
    assert [list(row[2:]) for row in fast(text.encode())] == expected


def test_a_lone_carriage_return_is_content() -> None:
    """Only a line feed ends a record; Arrow would make two of one."""
    assert fast(b"a;b\n1;x\ry\n2;z\n") == [(1, True, "1", "x\ry"), (2, True, "2", "z")]


def test_a_quote_that_never_closes_swallows_the_rest_as_one_record() -> None:
    """The rest must be counted and rejected, not lost."""
    assert [row[:2] for row in fast(b'a;b\n1;2\n"3;4\n5;6\n')] == [(1, True), (2, False)]


def test_a_record_longer_than_a_block_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long record must not stop the build, nor hide what stands before and after it."""
    monkeypatch.setattr(csv_pass, "BLOCK_BYTES", 1000)
    long = "x" * 5000
    data = "\n".join(["a;b", *["1;2"] * 400, f"3;{long}", *["5;6"] * 3]).encode()
    assert fast(data) == slow(data)
    assert len(fast(data)) == 404


def test_the_header_is_the_first_record_and_may_be_quoted() -> None:
    """An empty line before the header is no record."""
    header = csv_pass.header_of(b'\n\r\n"a";"b;c"\n1;2\n')
    assert header.names == ("a", "b;c")
    assert list(csv_pass.records(b'\n\r\n"a";"b;c"\n1;2\n', header.offset)) == [(1, "1;2")]


def test_windows_1252_is_read_only_where_it_is_allowed_and_its_undefined_bytes_nowhere(tmp_path: Path) -> None:
    """A name would come out as another, or a file be refused that the contract allows."""
    path = tmp_path / "x.csv"
    path.write_bytes("a;Ærø\n".encode("cp1252"))
    assert csv_pass.read_content(path).refusal == "file.encoding"
    assert csv_pass.read_content(path, allows_windows_1252=True).data.decode() == "a;Ærø\n"
    for undefined in (0x81, 0x8D, 0x8F, 0x90, 0x9D):
        path.write_bytes(b"a;\xc6 " + bytes([undefined, 0x0A]))
        assert csv_pass.read_content(path, allows_windows_1252=True).refusal == "file.encoding"


def test_the_hash_is_of_the_bytes_as_delivered_mark_and_all(tmp_path: Path) -> None:
    """Identity is the content: a byte order mark is content of the delivery, though none of its records."""
    import hashlib

    path = tmp_path / "x.csv"
    path.write_bytes(b"\xef\xbb\xbfa;b\n")
    found = csv_pass.read_content(path)
    assert found.sha256 == hashlib.sha256(b"\xef\xbb\xbfa;b\n").hexdigest()
    assert found.data == b"a;b\n"

"""Own rows: read as any spreadsheet writes them, refused with the place that is wrong, small in a link."""

import base64
import zlib

import numpy as np
import pytest

from app.schema.kinds import OwnRows
from app.schema.kinds.rows import SESSION, pack
from app.schema.messages import Mistake
from app.schema.table import MOST_BYTES, read_table

KIND = OwnRows(title="rows")


def read(content):
    return read_table(content.encode(), "")


@pytest.mark.parametrize(
    ("content", "names", "rows"),
    [
        ("a,b,c\n1,2,3\n4,5,6\n", ("a", "b", "c"), [[1, 2, 3], [4, 5, 6]]),
        ("1,2,3", ("x1", "x2", "y"), [[1, 2, 3]]),
        ("a;b;c\r\n1;2;-3e2\r\n", ("a", "b", "c"), [[1, 2, -300]]),
        ("a\tb\tc\n.5\t2\t+3", ("a", "b", "c"), [[0.5, 2, 3]]),
        ("\ufeffa, b, c\n\n 1 , 2 ,3\n,,\n", ("a", "b", "c"), [[1, 2, 3]]),  # a byte order mark, spaces, empty lines
        ('"size, m²","price",y\n"1",2,3', ("size, m²", "price", "y"), [[1, 2, 3]]),
        (",b,c\n1,2,3", ("x1", "b", "c"), [[1, 2, 3]]),
    ],
)
def test_tables_are_read_as_spreadsheets_write_them(content, names, rows):
    table = read(content)
    assert table.names == names
    np.testing.assert_array_equal(table.rows, rows)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "the table is empty; expected rows of two features and a target"),
        (" \n\n", "the table is empty; expected rows of two features and a target"),
        ("a,b,c\n", "the table has names and no rows; expected at least one row of three numbers"),
        ("a,b,c\n1,2,3\n4,5\n", "row 3 of the table has 2 columns; expected three: two features and a target"),
        ("a,b\n1,2", "row 1 of the table has 2 columns; expected three: two features and a target"),
        ("a,b,c\n1,2,3\n4,five,6", "row 3, column 'b' of the table is 'five'; expected a number such as 3.5 or -1e3"),
        ("a;b;c\n1,5;2;3", "row 2, column 'a' of the table is '1,5'; expected a number such as 3.5 or -1e3"),
        ("a,b,c\n\n1,2,\n", "row 3, column 'c' of the table is empty; expected a number"),
        ("a,b,c\n1,nan,3", "row 2, column 'b' of the table is 'nan'; expected a number such as 3.5 or -1e3"),
        ("a,b,c\n1,2,-inf", "row 2, column 'c' of the table is '-inf'; expected a number such as 3.5 or -1e3"),
        ("a,b,c\n1,2,1e300", "row 2, column 'c' of the table is '1e300'; expected a number between ±1000000000"),
        # Their squares would be zero, and no decomposition of such rows converges.
        ("1e-310,0,1\n0,1e-310,1", "row 1, column 'x1' of the table is '1e-310'; expected 0 or at least 1e-60 in size"),
        # Python reads these as numbers; a link and JavaScript do not.
        ("a,b,c\n1_0,2,3", "row 2, column 'a' of the table is '1_0'; expected a number such as 3.5 or -1e3"),
        ("a,b,c\n1,٣,3", "row 2, column 'b' of the table is '٣'; expected a number such as 3.5 or -1e3"),
        ("\n" * 200_000, "the table has 200000 lines; expected at most 4000"),
        ("\r" * 4001, "the table has 4001 lines; expected at most 4000"),
        ("a,b,c\n" + "," * 200_000, "row 2 of the table has 200000 characters; expected at most 1000"),
        ("1,2," + "3" * 1000, "row 1 of the table has 1004 characters; expected at most 1000"),
        ('a,b,c\n"1,2,3', "row 2 of the table is no CSV (unexpected end of data); expected two features and a target"),
        ("a,b,c\n" + "1,2,3\n" * 2001, "the table has 2001 rows; expected at most 2000"),
        (" " * (MOST_BYTES + 1), "the table is larger than 256 KB; expected at most 2000 rows of three numbers"),
    ],
)
def test_a_bad_table_is_refused_with_the_place_that_is_wrong(content, sentence):
    with pytest.raises(Mistake) as refusal:
        _ = read(content).rows
    assert str(refusal.value) == sentence


def test_a_table_that_is_no_text_is_refused():
    with pytest.raises(Mistake, match="no text in UTF-8"):
        read_table(b"\xff\xfe\x00", "")


def test_two_hundred_rows_fit_into_a_link():
    random = np.random.RandomState(0)
    content = "x1,x2,y\n" + "\n".join(f"{a:.2f},{b:.1f},{c:.2f}" for a, b, c in random.uniform(0, 100, (200, 3)))
    text = pack(content)
    assert len(text) < 3000
    assert KIND.parse("rows", text) == read_table(content.encode(), text)
    assert KIND.print(KIND.parse("rows", text)) == text


def test_rows_of_a_session_are_elsewhere():
    table = KIND.parse("rows", SESSION)
    assert table.is_elsewhere
    assert KIND.print(table) == SESSION


@pytest.mark.parametrize("text", ["!!!!", "é", "abc", "eJx", "AAAA", base64.urlsafe_b64encode(b"1,2,3").decode()])
def test_damaged_rows_are_refused(text):
    with pytest.raises(Mistake, match=r"rows cannot be unpacked|the table"):
        KIND.parse("rows", text)


def test_what_would_unpack_to_gigabytes_is_refused_before_it_does():
    bomb = zlib.compressobj(9, wbits=-15)
    packed = bomb.compress(b"1" * 4_000_000) + bomb.flush()
    text = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    assert len(text) < 6000
    with pytest.raises(Mistake, match="larger than 256 KB"):
        KIND.parse("rows", text)


def test_tables_of_two_sessions_are_not_the_same():
    """Both are called `session` in their links, and what is remembered of one must not answer the other."""
    assert read_table(b"1,2,3", SESSION) != read_table(b"1,2,4", SESSION)

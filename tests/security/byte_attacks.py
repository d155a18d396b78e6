"""Attacks that need no PDF library: bytes exchanged, inserted, cut, appended."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from issuer.domain.verdict import Reason
from issuer.signing.byte_range import Gap
from tests.security.attacks import Attack, Family, Target, altered, cannot_say, not_ours

Change = Callable[[Target], bytes]


def exchanged(old: bytes, new: bytes) -> Change:
    """Return the letter with the last ``old`` exchanged; the length may change."""

    def change(target: Target) -> bytes:
        before, found, after = target.letter.rpartition(old)
        assert found, old
        return before + new + after

    return change


def with_array(text: str) -> Change:
    """Return the letter with another ByteRange array."""

    def change(target: Target) -> bytes:
        gap, pdf = target.gap, target.letter
        numbers = {"a": gap.start, "b": gap.end, "rest": len(pdf) - gap.end, "n": len(pdf)}
        array = text.format(**numbers).encode().ljust(len(gap.array))
        return pdf[: gap.array_at] + array + pdf[gap.array_at + len(gap.array) :]

    return change


def with_token(change: Callable[[bytes], bytes]) -> Change:
    """Return the letter with other hexadecimal digits."""
    return lambda target: target.gap.with_token(
        target.letter, change(target.gap.token_in(target.letter))
    )


def appended(tail: bytes) -> Change:
    return lambda target: target.letter + tail


def wrapped(target: Target) -> bytes:
    """Move the signed second part behind an inserted object, as SWA does."""
    gap, pdf = target.gap, target.letter
    inserted = b"\n9 0 obj\n<< /Type /Catalog /Pages 8 0 R >>\nendobj\n"
    moved = pdf[: gap.end] + inserted + pdf[gap.end :]
    array = f"[0 {gap.start} {gap.end + len(inserted)} {len(pdf) - gap.end}]".encode()
    return (
        moved[: gap.array_at] + array.ljust(len(gap.array)) + moved[gap.array_at + len(gap.array) :]
    )


def wrapped_in_the_gap(target: Target) -> bytes:
    """Hide objects among the padding, between the token's end and the old place of ``>``."""
    token = target.gap.token_in(target.letter)
    used = token.rstrip(b"0")
    inserted = b"> 9 0 obj << /Type /Catalog >> endobj <"
    return target.gap.with_token(
        target.letter, used + inserted + token[len(used) + len(inserted) :]
    )


def second_dictionary(target: Target) -> bytes:
    """Give a decoy with the true array before the true dictionary."""
    decoy = b"\n7 0 obj\n<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>\nendobj\n"
    at = target.letter.index(b"\n6 0 obj")
    return target.letter[:at] + decoy + target.letter[at:]


def zip_behind(target: Target) -> bytes:
    archive = io.BytesIO(target.letter)
    archive.seek(0, io.SEEK_END)
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr("surat.html", "<h1>Surat lain</h1>")
    return archive.getvalue()


def another_letters_id(target: Target) -> bytes:
    """Name another letter of the register in the trailer."""
    wanted = target.second_letter.rpartition(b"/ID [<")[2][:32]
    mine = target.letter.rpartition(b"/ID [<")[2][:32]
    return target.letter.replace(mine, wanted)


def loop(target: Target) -> bytes:
    at = target.letter.rpartition(b"startxref\n")[2].split()[0]
    return exchanged(b"/Root ", b"/Prev %b /Root " % at)(target)


def repeated(piece: bytes, count: int, end: bytes = b"\n%%EOF\n") -> Change:
    return lambda _target: b"%PDF-1.7\n" + piece * count + end


def cut_in_two(target: Target) -> bytes:
    return target.letter[: len(target.letter) // 2]


_SIG = b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached "
_F, _M, _S = Family.FORGED_DICTIONARY, Family.MALLEABLE, Family.STRUCTURE
_MEGABYTES = 24_000_000

ATTACKS: tuple[Attack, ...] = (
    altered(_F, "Contents is empty", with_token(lambda _token: b"")),
    altered(_F, "Contents is zeros", with_token(lambda token: b"0" * len(token))),
    altered(_F, "Contents is null", exchanged(b"/Contents <", b"/Contents null <")),
    altered(_F, "Contents has another name", exchanged(b"/Contents ", b"/Contentz ")),
    altered(_F, "Contents stands twice", exchanged(b"/Contents <", b"/Contents <00> /Contents <")),
    altered(
        _F,
        "ByteRange has another name",
        exchanged(b"/ByteRange ", b"/ByteRangf "),
        Reason.FILE_UNSIGNED,
    ),
    altered(_F, "ByteRange is null", with_array("null")),
    altered(_F, "ByteRange is empty", with_array("[]")),
    altered(_F, "ByteRange is zeros", with_array("[0 0 0 0]")),
    altered(_F, "ByteRange is negative", with_array("[0 {a} -{b} {rest}]")),
    altered(_F, "ByteRange overflows", with_array("[0 {a} {b} 99999999999999999999]")),
    altered(_F, "ByteRange covers the head alone", with_array("[0 {a}]")),
    altered(_F, "ByteRange covers the gap too", with_array("[0 {n} {n} 0]")),
    altered(_F, "ByteRange has three parts", with_array("[0 9 9 {b} {b} {rest}]")),
    altered(_F, "ByteRange begins late", with_array("[9 {a} {b} {rest}]")),
    altered(
        _F,
        "SubFilter is another",
        exchanged(b"/ETSI.CAdES.detached", b"/adbe.pkcs7.sha1"),
        Reason.FOREIGN_SIGNATURE,
    ),
    altered(
        _F,
        "Filter is another",
        exchanged(b"/Adobe.PPKLite", b"/Adobe.PPKMS"),
        Reason.FOREIGN_SIGNATURE,
    ),
    altered(
        _F,
        "Type is another",
        exchanged(b"<< /Type /Sig /Filter", b"<< /Type /Sug /Filter"),
        Reason.FOREIGN_SIGNATURE,
    ),
    altered(_F, "DocMDP permits more", exchanged(b"/P 1 /V", b"/P 3 /V")),
    altered(
        _F, "DocMDP is gone", exchanged(b"/DocMDP /TransformParams", b"/XocMDP /TransformParams")
    ),
    altered(Family.WRAPPING, "second part moved back", wrapped),
    altered(Family.WRAPPING, "objects in the padding", wrapped_in_the_gap),
    altered(Family.WRAPPING, "a decoy dictionary before it", second_dictionary),
    altered(
        Family.WRAPPING,
        "a decoy array in a comment",
        exchanged(b"\n6 0 obj", b"\n% /ByteRange [0 1 2 3]\n6 0 obj"),
    ),
    altered(_M, "digits in lower case", with_token(bytes.lower)),
    altered(_M, "a blank between digits", with_token(lambda t: t[:100] + b" " + t[101:])),
    altered(_M, "a line break between digits", with_token(lambda t: t[:100] + b"\n" + t[100:])),
    altered(_M, "padding is not zero", with_token(lambda t: t[:-1] + b"1")),
    altered(_M, "padding is shorter", with_token(lambda t: t[:-2])),
    altered(_M, "an odd number of digits", with_token(lambda t: t[:-1])),
    altered(_M, "padding before the value", with_token(lambda t: b"00" + t[:-2])),
    altered(_M, "a line break at the end", appended(b"\n")),
    altered(_M, "a null byte at the end", appended(b"\0")),
    altered(_M, "a second end of file", appended(b"%%EOF\n")),
    altered(_M, "a comment at the end", appended(b"% CATATAN\n")),
    altered(_M, "line breaks as Windows has them", exchanged(b"\n%%EOF\n", b"\r\n%%EOF\r\n")),
    altered(_M, "the header's version", lambda t: t.letter.replace(b"%PDF-1.7", b"%PDF-1.4", 1)),
    not_ours(
        Family.POLYGLOT, "a GIF before it", lambda t: b"GIF89a" + t.letter, Reason.FILE_NOT_PDF
    ),
    not_ours(
        Family.POLYGLOT, "a page before it", lambda t: b"<html>" + t.letter, Reason.FILE_NOT_PDF
    ),
    altered(Family.POLYGLOT, "an archive behind it", zip_behind),
    altered(_S, "startxref points elsewhere", exchanged(b"startxref\n", b"startxref\n1")),
    altered(
        _S,
        "a table entry points elsewhere",
        exchanged(b" 00000 n \ntrailer", b" 00001 n \ntrailer"),
    ),
    altered(_S, "a hybrid table", exchanged(b"/Root ", b"/XRefStm 15 /Root ")),
    altered(_S, "the table points to itself", loop),
    altered(_S, "two catalogs in the trailer", exchanged(b"/Root ", b"/Root 1 0 R /Root ")),
    altered(_S, "an encryption dictionary", exchanged(b"/Root ", b"/Encrypt 1 0 R /Root ")),
    altered(_S, "another letter's identifier", another_letters_id),
    altered(_S, "another object number", exchanged(b"\n6 0 obj", b"\n5 0 obj")),
    cannot_say(_S, "half of the file", cut_in_two, Reason.FILE_INCOMPLETE),
    altered(
        Family.CMS,
        "the value of another letter",
        lambda t: t.gap.with_token(t.letter, Gap.find(t.second_letter).token_in(t.second_letter)),
    ),
    cannot_say(
        Family.BOMB,
        "a million ends of file",
        repeated(b"\n%%EOF\n", _MEGABYTES // 7),
        Reason.FILE_UNSIGNED,
    ),
    not_ours(Family.BOMB, "two million arrays", repeated(b"/ByteRange ", _MEGABYTES // 11)),
    altered(
        Family.BOMB,
        "arrays and dictionaries",
        repeated(_SIG + b"/ByteRange [0 1 2 3] /Contents <00>", _MEGABYTES // 110),
    ),
    altered(
        Family.BOMB,
        "a token of 24 million digits",
        lambda t: t.gap.with_token(t.letter, b"30" * (_MEGABYTES // 2)),
    ),
    not_ours(
        Family.BOMB,
        "a deep tree of arrays",
        repeated(b"[", _MEGABYTES, b"/ByteRange\n%%EOF\n"),
    ),
    not_ours(Family.BOMB, "an empty file", lambda _target: b"", Reason.FILE_NOT_PDF),
    cannot_say(Family.BOMB, "the header alone", lambda _t: b"%PDF-1.7", Reason.FILE_INCOMPLETE),
    cannot_say(
        Family.BOMB,
        "more than the limit",
        lambda t: t.letter + bytes(25_000_000),
        Reason.FILE_TOO_LARGE,
    ),
)

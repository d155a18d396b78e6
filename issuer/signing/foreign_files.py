"""Looks at a stranger's PDF without parsing it: whose name do its signatures bear?

Nothing here is verified, and nobody should believe it: the answer is "this names X, and
is not ours". Bounds: one pass over the bytes, eight signatures, 64 kB and 16
certificates each.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from issuer.domain.foreign_file import ForeignFile
from issuer.domain.text import excerpt
from issuer.signing.der import NotDer, read_first

MAX_SIGNATURES: Final = 8
MAX_CERTIFICATES: Final = 16
MAX_NAME: Final = 80
_CONTENTS: Final = re.compile(rb"/Contents[\x00\t\n\f\r ]{0,8}<([0-9A-Fa-f\t\n\f\r ]{128,131072})>")
_ENCRYPTED: Final = re.compile(rb"/Encrypt[\x00\t\n\f\r ]{1,8}(?:\d{1,10}[\x00\t\n\f\r ]|<<)")
_ACTIVE: Final = re.compile(
    rb"/(?:JavaScript|JS|Launch|SubmitForm|ImportData|RichMedia)(?=[\x00\t\n\f\r ()<>\[\]{}/%])"
)


def look_at(pdf: bytes) -> ForeignFile:
    """Return what the bytes say for themselves; never raises."""
    names = dict.fromkeys(
        name
        for found in islice(_CONTENTS.finditer(pdf), MAX_SIGNATURES)
        for name in _names(found[1])
    )
    return ForeignFile(
        signers=tuple(names),
        encrypted=_ENCRYPTED.search(pdf) is not None,
        active=_ACTIVE.search(pdf) is not None,
    )


def _names(digits: bytes) -> Iterator[str]:
    """Yield the names of those certificates of one CMS that issued no other of it."""
    try:
        certificates = _certificates(bytes.fromhex(digits.decode("ascii")))
        issuers = {c.issuer for c in certificates if c.issuer != c.subject}
        for certificate in certificates:
            if certificate.subject not in issuers and (name := _name(certificate.subject)):
                yield name
    # A name may be in any encoding and the rest of any shape; then nothing is named.
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return


def _certificates(cms: bytes) -> list[x509.Certificate]:
    with suppress(NotDer):  # of BER, the library must judge where the value ends
        cms = read_first(cms).encoded
    with warnings.catch_warnings():
        # Old certificates break rules of today, which is none of our business.
        warnings.simplefilter("ignore")
        return pkcs7.load_der_pkcs7_certificates(cms)[:MAX_CERTIFICATES]


def _name(subject: x509.Name) -> str:
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in subject.get_attributes_for_oid(kind):
            if isinstance(attribute.value, str) and (name := excerpt(attribute.value, MAX_NAME)):
                return name
    return ""

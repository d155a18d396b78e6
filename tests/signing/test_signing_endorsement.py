"""Two signatures on one letter: what our reader lets pass, and what it does not."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from issuer.domain.errors import InvalidDocument, InvalidSignature, KeyUnavailable, NotFitToSign
from issuer.domain.sealing import DocumentFacts, RenderedLetter, SignatureSlot, SignedLetter
from issuer.domain.signature_dictionary import (
    SIGNATURE_PROFILE,
    endorsable_profile,
    endorsement_profile,
    signature_texts,
)
from issuer.domain.verdict import Reason
from issuer.signing.byte_range import Gap
from issuer.signing.lint import findings
from issuer.signing.pades import PadesSigner
from issuer.signing.revisions import Layout, catalog_of, first_revision
from tests.signing.signing_office import (
    ENDORSER_KEY,
    ENDORSER_SLOT,
    KEY,
    LETTER_ID,
    NOW,
    SLOT,
    certificate_of_a_stranger,
    endorsable_page,
    endorsed,
    endorsed_by,
    first_of_two,
    issuing_certificate,
    leaf_certificate,
    letter,
    office,
    page,
)

LAYOUTS = pytest.mark.parametrize("layout", list(Layout))
Damage = Callable[[bytes], bytes]


def validate(pdf: bytes) -> DocumentFacts:
    return office().validator.validate(pdf, signed_at_utc=NOW, now_utc=NOW)


def reason_against(pdf: bytes) -> str:
    with pytest.raises((InvalidDocument, InvalidSignature)) as refused:
        validate(pdf)
    assert isinstance(refused.value, InvalidDocument | InvalidSignature)
    return Reason(refused.value.reason).value


@LAYOUTS
def test_both_signers_are_named(layout: Layout) -> None:
    facts = validate(endorsed(layout))
    assert facts.endorser is not None
    assert (facts.signer, facts.endorser.signer) == ("Siti Uji", "Budi Uji")
    assert facts.endorser.claimed_at_utc == SLOT.claimed_at.replace(microsecond=0)
    assert facts.endorser.certificate_sha256 != facts.certificate_sha256
    assert facts.endorser.endorser is None
    assert validate(letter(layout)).endorser is None
    assert office().validator.letter_id_claimed(endorsed(layout)) == LETTER_ID


@LAYOUTS
def test_the_first_signature_alone_is_no_letter(layout: Layout) -> None:
    """What remains when the second is cut off is a file that the first signature covers."""
    assert first_revision(endorsed(layout)) == first_of_two(layout)
    assert reason_against(first_of_two(layout)) == "file_altered"


@LAYOUTS
def test_no_random_change_passes(layout: Layout) -> None:
    pdf = endorsed(layout)
    chance = random.Random(11)  # reproducible damage, no secret
    for _ in range(200):
        at = chance.randrange(len(pdf))
        reason_against(pdf[:at] + bytes([pdf[at] ^ 1 << chance.randrange(8)]) + pdf[at + 1 :])
        reason_against(pdf[:at])
        reason_against(pdf + chance.randbytes(1 + at % 40))


@LAYOUTS
def test_no_single_bit_of_the_update_passes(layout: Layout) -> None:
    pdf, first = endorsed(layout), first_of_two(layout)
    gap = Gap.last(pdf)
    used = gap.start + len(gap.token_in(pdf).rstrip(b"0")) + 4
    for at in (*range(len(first) - 40, used), *range(gap.end - 4, len(pdf))):
        reason_against(pdf[:at] + bytes([pdf[at] ^ 1 << at % 8]) + pdf[at + 1 :])


def test_signatures_do_not_change_places() -> None:
    pdf, first = endorsed(), first_of_two()
    gaps = Gap.find(first), Gap.last(pdf)
    one, two = (gap.token_in(pdf) for gap in gaps)
    for tokens in ((two, one), (one, one), (two, two)):
        swapped = pdf
        for gap, token in zip(gaps, tokens, strict=True):
            swapped = gap.with_token(swapped, token)
        assert reason_against(swapped) == "file_altered"


def test_an_endorsement_does_not_fit_another_letter() -> None:
    update = endorsed()[len(first_of_two()) :]
    other = office().sign(page(title="Surat Keteranga2", endorser=None))
    assert reason_against(other + update) == "file_altered"
    again = office().sign(endorsable_page())
    assert len(again) == len(first_of_two())
    assert reason_against(again + update) == "file_altered"
    assert reason_against(letter() + update) == "file_altered"


def test_nothing_follows_the_second_signature() -> None:
    pdf = endorsed()
    update = pdf[len(first_of_two()) :]
    assert reason_against(pdf + update) == "file_altered"
    assert reason_against(pdf + b"\n%%EOF\n") == "file_altered"
    with pytest.raises(NotFitToSign, match="no_field_for_a_second_signature"):
        office().endorse(pdf)


# --- an endorser, or a thief of his key, who signs something else ---------------------------


def extra_object(pdf: bytes) -> bytes:
    at = pdf.rindex(b"xref\n", 0, pdf.rindex(b"startxref"))
    return pdf[:at] + b"9 0 obj\n<< >>\nendobj\n" + pdf[at:]


def comment(pdf: bytes) -> bytes:
    at = pdf.rindex(b"xref\n", 0, pdf.rindex(b"startxref"))
    return pdf[:at] + b"% \n" + pdf[at:]


def in_update(old: bytes, new: bytes) -> Damage:
    """Return a change within the second revision."""

    def damage(pdf: bytes) -> bytes:
        first = first_revision(pdf)
        update = pdf[len(first) :]
        assert old in update
        return first + update.replace(old, new, 1)

    return damage


@pytest.mark.parametrize(
    "damage",
    [
        extra_object,
        comment,
        in_update(b"/Rect [0.00 0.00 0.00 0.00]", b"/Rect [0.00 0.00 9.00 9.00]"),
        in_update(b"/F 132", b"/F 2"),
        in_update(b"/T (Mengetahui)", b"/T (Mengetahu1)"),
        in_update(b"/Subtype /Widget", b"/Subtype /Stamp"),
        in_update(b"/Type /Sig ", b"/Type /Sig /X 1 "),
        in_update(b"/Action /All", b"/Action /Exclude /Fields [(Mengetahui)]"),
        in_update(b"/Name <FEFF", b"/Name <feff"),
        in_update(b"00D6", b"00d6"),
        in_update(b"/Name <FEFF", b"/Prop_Build << >> /Name <FEFF"),
        in_update(b"/Reason <FEFF", b"/Reason (x) /Reason <FEFF"),
        in_update(b"/Prev ", b"/Prev 1"),
        in_update(b"/Size ", b"/Size 1"),
        in_update(b"/Root ", b"/Root 1"),
        in_update(b"startxref\n", b"startxref\n1"),
        in_update(b" 00000 n \n", b" 00001 n \n"),
        in_update(LETTER_ID.encode(), b"f" * 32),
    ],
)
def test_a_true_endorsement_does_not_excuse_the_form(damage: Damage) -> None:
    key = office().keys.private_key(ENDORSER_KEY)
    leaf, issuer = leaf_certificate(ENDORSER_KEY), issuing_certificate()
    validate(endorsed_by(key, leaf, issuer))
    assert reason_against(endorsed_by(key, leaf, issuer, damage)) == "file_altered"


def test_an_endorser_needs_a_certificate_of_this_office() -> None:
    key, own = certificate_of_a_stranger()
    assert reason_against(endorsed_by(key, own, issuing_certificate())) == "issuer_not_trusted"
    forged = endorsed_by(key, leaf_certificate(ENDORSER_KEY), issuing_certificate())
    assert reason_against(forged) == "signature_broken"


def test_the_first_signature_must_permit_the_second() -> None:
    """A page that says ``no changes`` and has the second field all the same."""
    waiting = endorsable_page()
    strict = waiting.replace(endorsable_profile(catalog_of(waiting)), SIGNATURE_PROFILE)
    assert strict != waiting
    assert reason_against(office().endorse(office().sign(strict))) == "file_altered"


# --- the signing room -----------------------------------------------------------------------


def test_only_a_page_with_a_second_field_is_endorsed() -> None:
    assert findings(endorsable_page()) == []
    with pytest.raises(NotFitToSign, match="no_field_for_a_second_signature"):
        office().endorse(letter())
    mark = b"/T (Mengetahui)"
    twice = endorsable_page().replace(mark, mark + b" " + mark)
    with pytest.raises(NotFitToSign, match="no_field_for_a_second_signature"):
        office().endorse(office().sign(twice))


def test_the_right_to_endorse_works_once_and_for_one_key() -> None:
    signer = PadesSigner(office().keys)
    signed = SignedLetter(first_of_two(), validate(endorsed()).certificate_sha256)
    ready = signer.prepare_endorsement(signed, ENDORSER_SLOT, ENDORSER_KEY, NOW)
    with pytest.raises(NotFitToSign, match="linted_for_another_key"):
        signer.sign(ready, KEY)
    twice = signer.sign(ready, ENDORSER_KEY)
    assert Gap.last(twice.pdf).digest_of(twice.pdf).hex() == ready.to_sign_sha256
    assert validate(twice.pdf).certificates == twice.certificates
    with pytest.raises(NotFitToSign, match="already_redeemed"):
        signer.sign(ready, ENDORSER_KEY)


def test_an_absent_key_endorses_nothing() -> None:
    signer = PadesSigner(office().keys)
    with pytest.raises(NotFitToSign, match="no_such_key"):
        signer.prepare_endorsement(SignedLetter(first_of_two(), ""), ENDORSER_SLOT, "nobody", NOW)
    with pytest.raises(KeyUnavailable):
        signer.check("nobody", NOW)


def test_a_first_right_does_not_stretch_to_the_second() -> None:
    """The page is signed before there is anything to endorse."""
    signer = PadesSigner(office().keys)
    ready = signer.prepare(RenderedLetter(endorsable_page(), ()), KEY, NOW)
    assert endorsement_profile(catalog_of(endorsable_page())) not in ready.redeem(KEY)


@pytest.mark.parametrize("name", ["", "Siti", "a) /X (b", "<< >> endobj", "Öst “ꦱ” 𐀀"])
def test_every_text_of_a_slot_has_one_form(name: str) -> None:
    slot = SignatureSlot(name, name, name, SLOT.claimed_at)
    texts = signature_texts(slot)
    hexadecimal = texts.split(b"/Reason")[0].removeprefix(b"/Name <").removesuffix(b"> ")
    assert bytes.fromhex(hexadecimal.decode()).decode("utf-16") == name
    signer = PadesSigner(office().keys)
    signed = SignedLetter(first_of_two(), "")
    ready = signer.prepare_endorsement(signed, slot, ENDORSER_KEY, NOW)
    validate(signer.sign(ready, ENDORSER_KEY).pdf)

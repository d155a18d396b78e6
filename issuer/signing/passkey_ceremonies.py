"""Passkeys by py_webauthn: options for browsers, and what their answers prove."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Final, final
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_attestation_object,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from issuer.domain.accounts import Account
from issuer.domain.passkeys import (
    CHALLENGE_TIME,
    MAX_SENT,
    TRANSPORTS,
    Claimed,
    NewKey,
    Passkey,
)

_TIMEOUT_MS: Final = int(CHALLENGE_TIME.total_seconds() * 1000)
_USUAL_PORTS: Final = {"http": 80, "https": 443}
_ALGORITHMS: Final = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
"""What telephones, security keys and Windows make."""

_BELIEVED: Final = frozenset({"none", "packed"})
"""None is asked for; a device that attests a key with the key itself says ``packed``."""

_log = logging.getLogger("issuer.passkeys")


@final
class WebAuthnCeremonies:
    """A ``PasskeyCeremonies`` for the office at ``base_url``.

    The relying party is the address's host, and the one origin is that address: what a
    browser signs on any other page, of a subdomain or on another port, is refused.
    """

    def __init__(self, base_url: str, office_name: str) -> None:
        parts = urlsplit(base_url)
        self._office_name = office_name
        self._rp_id = parts.hostname or ""
        usual = parts.port in (None, _USUAL_PORTS.get(parts.scheme))
        self._origin = f"{parts.scheme}://{self._rp_id}{'' if usual else f':{parts.port}'}"

    def to_create(self, challenge: bytes, owner: Account, there: Sequence[Passkey]) -> str:
        """Return what a browser makes a passkey by, as JSON; none of those ``there`` again."""
        options = generate_registration_options(
            rp_id=self._rp_id,
            rp_name=self._office_name,
            user_id=owner.id.encode(),
            user_name=owner.username,
            user_display_name=owner.full_name,
            challenge=challenge,
            timeout=_TIMEOUT_MS,
            attestation=AttestationConveyancePreference.NONE,
            authenticator_selection=AuthenticatorSelectionCriteria(
                # Kept by the device with its owner, so that no user name need be typed.
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[_descriptor(one) for one in there],
            supported_pub_key_algs=_ALGORITHMS,
        )
        return options_to_json(options)

    def to_show(self, challenge: bytes, allowed: Sequence[Passkey]) -> str:
        """Return what a browser shows a passkey by, as JSON; any of its own where none is."""
        options = generate_authentication_options(
            rp_id=self._rp_id,
            challenge=challenge,
            timeout=_TIMEOUT_MS,
            allow_credentials=[_descriptor(one) for one in allowed],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json(options)

    def claimed(self, sent: str) -> Claimed | None:
        """Return what an answer says of itself, unproved; None where it says nothing."""
        if len(sent) > MAX_SENT:
            return None
        try:
            credential = json.loads(sent)
            response = credential["response"]
            told = parse_client_data_json(base64url_to_bytes(response["clientDataJSON"]))
            handle = response.get("userHandle")
            owner_id = base64url_to_bytes(handle).decode("ascii") if handle else None
            credential_id = str(credential["id"])
        except Exception as error:
            _say_no(error)
            return None
        # A page inside another site's page; the library leaves this to its callers.
        return None if told.cross_origin else Claimed(told.challenge, credential_id, owner_id)

    def created(self, sent: str, challenge: bytes) -> NewKey | None:
        """Return the new key, or None for anything but an answer to this challenge."""
        if self.claimed(sent) is None:
            return None
        try:
            credential = parse_registration_credential_json(sent)
            attested = parse_attestation_object(credential.response.attestation_object)
            if attested.fmt not in _BELIEVED:
                return None
            key = verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self._rp_id,
                expected_origin=self._origin,
                require_user_verification=True,
                supported_pub_key_algs=_ALGORITHMS,
            )
        except Exception as error:
            _say_no(error)
            return None
        ways = {way.value for way in credential.response.transports or ()}
        return NewKey(
            credential_id=bytes_to_base64url(key.credential_id),
            public_key=key.credential_public_key,
            sign_count=key.sign_count,
            transports=tuple(way for way in TRANSPORTS if way in ways),
        )

    def shown(self, sent: str, challenge: bytes, passkey: Passkey) -> int | None:
        """Return what the device counts, or None for anything but this key's answer."""
        claimed = self.claimed(sent)
        if claimed is None or claimed.credential_id != passkey.key.credential_id:
            return None
        try:
            answer = verify_authentication_response(
                credential=sent,
                expected_challenge=challenge,
                expected_rp_id=self._rp_id,
                expected_origin=self._origin,
                credential_public_key=passkey.key.public_key,
                # The count is the use case's to judge, which writes down what it saw.
                credential_current_sign_count=0,
                require_user_verification=True,
            )
        except Exception as error:
            _say_no(error)
            return None
        return answer.new_sign_count


def _say_no(error: Exception) -> None:
    """Log why an answer is refused.

    The library lets out whatever a malformed value makes of Python (``KeyError``,
    ``RecursionError``, those of cryptography), so every exception is a no. Its kind alone
    is logged: the sentence may quote what was sent.
    """
    _log.info("passkey answer refused: %s", type(error).__name__)


def _descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(
        id=base64url_to_bytes(passkey.key.credential_id),
        transports=[AuthenticatorTransport(way) for way in passkey.key.transports] or None,
    )

"""Key sets and status lists on the device: what the server's readers take, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import cbor2
import pytest
from playwright.sync_api import Browser

from issuer.domain.errors import InvalidDocument, InvalidSignature, TooLarge
from issuer.domain.status_list import not_valid
from issuer.signing.cose_sign1 import assemble
from issuer.signing.credential_keys import CredentialKey, key_id
from issuer.signing.key_sets import MAX_BYTES, read_chain
from issuer.signing.status_tokens import MAX_TOKEN_BYTES
from tests.credential.credential_samples import BASE_URL, FOREIGN_PRIVATE, KEY, NOW, key_of
from tests.offline.script_page import ScriptPage, b64, parameters, script_page
from tests.publication import test_publication_key_sets as sets
from tests.publication import test_publication_tokens as lists
from tests.publication.publication_samples import (
    ENDED,
    HOUR,
    NEXT_PRIVATE,
    THIRD_PRIVATE,
    YEAR,
    a_key,
    key_set,
    listed,
    resigned,
    signed_set,
    status_reader,
    status_token,
)

EVENING = sets.LATER + timedelta(days=2)
BOTH = [sets.FIRST_SIGNED, sets.SECOND_SIGNED]
THIRD = key_set([sets.RETIRED, sets.NEXT, a_key(THIRD_PRIVATE, EVENING)], 3, EVENING)
CHAINS: dict[str, list[bytes]] = {
    "the first": [sets.FIRST_SIGNED],
    "two": BOTH,
    "three": [*BOTH, signed_set(THIRD, NEXT_PRIVATE, sets.NEXT)],
    "the second alone": [sets.SECOND_SIGNED],
    "the first twice": [sets.FIRST_SIGNED, sets.FIRST_SIGNED],
    "back again": [*BOTH, sets.FIRST_SIGNED],
    "signed by who is put aside": [*BOTH, signed_set(THIRD)],
    "signed by the newcomer": [sets.FIRST_SIGNED, signed_set(sets.SECOND, NEXT_PRIVATE)],
    "signed by a stranger": [sets.FIRST_SIGNED, signed_set(sets.SECOND, FOREIGN_PRIVATE)],
    "a stranger under our kid": [
        sets.FIRST_SIGNED,
        signed_set(sets.SECOND, FOREIGN_PRIVATE, KEY),
    ],
    "an office of strangers": [signed_set(key_set([key_of(FOREIGN_PRIVATE)]), FOREIGN_PRIVATE)],
    "the first signed by its second key": [
        signed_set(key_set([KEY, a_key(NEXT_PRIVATE, NOW)]), NEXT_PRIVATE)
    ],
    "a QR's token": [sets.FIRST_SIGNED, status_token()],
    "too large": [bytes(MAX_BYTES + 1)],
    **{f"then {name}": [sets.FIRST_SIGNED, signed_set(s)] for name, s in sets.BREAKS.items()},
    **{name: [message] for name, message in sets.BAD.items()},
    **{
        f"retired {name}": [
            *BOTH,
            signed_set(
                key_set([old, sets.NEXT], 3, sets.LATER + 2 * HOUR), NEXT_PRIVATE, sets.NEXT
            ),
        ]
        for name, old in {
            "never": KEY,
            "the same": sets.RETIRED,
            "earlier": replace(KEY, retired_utc=sets.LATER),
            "later": replace(KEY, retired_utc=sets.LATER + timedelta(days=2)),
        }.items()
    },
}
LENIENT = {
    # A device keeps its page for years: what it has no use for may change under it.
    *("another lifetime", "another ttl", "one claim more", "another order"),
    *("another aggregation", "no aggregation", "an unknown value"),
    "a fraction",  # of a whole number of seconds: JavaScript has one kind of number
}


@pytest.fixture(scope="module")
def scripts(browser: Browser) -> Iterator[ScriptPage]:
    with script_page(browser) as page:
        yield page


def read_chains(scripts: ScriptPage, chains: Sequence[Sequence[bytes]]) -> list[Any]:
    body = """
        const answers = [];
        for (const chain of given) answers.push(await attempt(async () => {
            const set = await modules.keyset.readChain(chain.map(bytes));
            return { version: set.version, region: set.regionCode, kids: set.keys.map(k => k.kid) };
        }));
        return answers;
    """
    answers: list[Any] = scripts.run(body, [[b64(part) for part in chain] for chain in chains])
    return answers


def server_chain(chain: Sequence[bytes]) -> dict[str, Any]:
    try:
        read = read_chain(chain)
    except TooLarge:
        return {"refused": "credential_malformed"}
    except (InvalidDocument, InvalidSignature) as error:
        return {"refused": str(error.reason)}
    kids = [key_id(key.public_key).hex() for key in read.keys]
    return {"version": read.version, "region": read.region_code, "kids": kids}


def test_every_chain_of_key_sets_gets_the_server_s_answer(scripts: ScriptPage) -> None:
    answers = dict(zip(CHAINS, read_chains(scripts, list(CHAINS.values())), strict=True))
    assert answers == {name: server_chain(chain) for name, chain in CHAINS.items()}
    assert answers["three"]["version"] == 3


def test_every_changed_byte_of_a_key_set_is_noticed(scripts: ScriptPage) -> None:
    chains = []
    for place in range(len(sets.SECOND_SIGNED)):
        changed = bytearray(sets.SECOND_SIGNED)
        changed[place] ^= 1
        chains.append([sets.FIRST_SIGNED, bytes(changed)])
    for chain, answer in zip(chains, read_chains(scripts, chains), strict=True):
        assert answer == server_chain(chain)
        assert "refused" in answer


def read_lists(
    scripts: ScriptPage, messages: Sequence[bytes], *keys: CredentialKey, year: int = YEAR
) -> list[Any]:
    """Return what the device says of each; of a list: its dates and all that ended in it."""
    body = """
        const { keys } = await modules.keyset.readChain(given.chain.map(bytes));
        const answers = [];
        for (const message of given.messages) answers.push(await attempt(async () => {
            const list = await modules.statuslist.readList(bytes(message), given.address, keys);
            const ended = [];
            for (let place = 0; place < 4 * list.packed.length; place++) {
                const status = modules.statuslist.statusAt(list, place);
                if (status !== 'in_force') ended.push([place, status]);
                if (ended.length > 10) break;
            }
            return { issuedAt: list.issuedAt, expiresAt: list.expiresAt, ended };
        }));
        return answers;
    """
    # The set's own first key is used whatever the status keys are.
    chain = [signed_set(key_set(keys or (KEY,), at_utc=KEY.from_utc), key=KEY)]
    given = {
        "chain": [b64(part) for part in chain],
        "messages": [b64(message) for message in messages],
        "address": f"{BASE_URL}/status/{year}",
    }
    answers: list[Any] = scripts.run(body, given)
    return answers


def test_a_list_says_on_the_device_what_it_says_on_the_server(scripts: ScriptPage) -> None:
    (read,) = read_lists(scripts, [lists.TOKEN])
    server = status_reader().read(lists.TOKEN, YEAR)
    words = {1: "revoked", 3: "superseded"}
    assert read == {
        "issuedAt": int(server.issued_at_utc.timestamp()),
        "expiresAt": int(server.expires_at_utc.timestamp()),
        "ended": [[place, words[value]] for place, value in not_valid(server.packed)],
    }
    assert len(read["ended"]) == len(ENDED)


def test_what_is_not_a_list_is_refused(scripts: ScriptPage) -> None:
    answers = dict(
        zip(lists.BAD_CLAIMS, read_lists(scripts, list(lists.BAD_CLAIMS.values())), strict=True)
    )
    taken = {name for name, answer in answers.items() if "refused" not in answer}
    assert taken == LENIENT
    assert answers["an unknown value"]["ended"] == [[0, "not_known"]]
    refusals = {answer["refused"] for answer in answers.values() if "refused" in answer}
    assert refusals == {"credential_malformed"}


def test_another_frame_header_address_or_size_is_refused(scripts: ScriptPage) -> None:
    headers = [
        assemble(lists.PARTS._replace(protected=cbor2.dumps(header)))
        for header in lists.PROTECTED.values()
    ]
    framed = parameters(lists.test_another_frame_is_refused)
    spelled = parameters(lists.test_a_message_that_is_not_the_one_encoding_is_refused)
    messages = [
        *headers,
        *(cbor2.dumps(frame) for frame in framed),
        *spelled,
        bytes(MAX_TOKEN_BYTES + 1),
        sets.FIRST_SIGNED,
        resigned(lists.TOKEN, lists.PARTS.payload.replace(b"\x06\x1a", b"\x06\x1b" + bytes(4))),
    ]
    malformed = {"refused": "credential_malformed"}
    assert read_lists(scripts, messages) == [malformed] * len(messages)
    assert read_lists(scripts, [lists.TOKEN], year=YEAR + 1) == [malformed]


def test_only_a_key_in_use_makes_a_list(scripts: ScriptPage) -> None:
    foreign = status_token(private=FOREIGN_PRIVATE, key=key_of(FOREIGN_PRIVATE))
    under_our_kid = status_token(private=FOREIGN_PRIVATE, key=KEY)
    assert read_lists(scripts, [foreign, under_our_kid]) == [
        {"refused": "credential_unknown_key"},
        {"refused": "signature_broken"},
    ]
    retired = replace(KEY, retired_utc=NOW)
    before = status_token(listed(at_utc=NOW - timedelta(seconds=1)))
    late, early = read_lists(scripts, [lists.TOKEN, before], retired)
    assert late == {"refused": "issuer_not_trusted"}
    assert "refused" not in early

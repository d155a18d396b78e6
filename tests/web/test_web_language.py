"""Indonesian and English: nothing is left untranslated, and the choice is kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.web.web_office import ANSWERS, CLERK, SLUG, WebOffice, hidden, visible

TEMPLATES = Path(__file__).parents[2] / "templates"
WITHOUT_WORDS = r"{% block (head_)?width %}.*?{% endblock %}|{% set state %}.*?{% endset %}"
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")


def sentences() -> set[str]:
    """Return every msgid of the pages, as babel's own extractor finds them."""
    found = extract_from_dir(
        TEMPLATES / "web",
        method_map=[("**.html", "jinja2.ext:babel_extract")],
        options_map={"**.html": {"silent": "false"}},
    )
    messages = {message for _file, _line, message, _comments, _context in found}
    assert all(isinstance(message, str) for message in messages)
    return {str(message) for message in messages}


def test_every_sentence_has_its_english_one_and_no_other_is_kept() -> None:
    with (TEMPLATES / "translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file)
    translated = {}
    for message in catalogue:
        if message.id:
            assert not message.fuzzy, message.id
            translated[str(message.id)] = str(message.string)
    assert set(translated) == sentences()
    for indonesian, english in translated.items():
        assert english.strip(), indonesian
        assert sorted(PLACEHOLDER.findall(english)) == sorted(PLACEHOLDER.findall(indonesian))


def test_no_words_stand_outside_a_translation() -> None:
    """Text between tags that is neither an expression nor a sign is a sentence forgotten."""
    for path in (TEMPLATES / "web").rglob("*.html"):
        text = re.sub(WITHOUT_WORDS, "", path.read_text("utf-8"))
        bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", text, flags=re.S)
        assert set(re.findall(r"[A-Za-z]{2,}", bare)) <= {"Rp"}, path.name


def test_the_page_says_its_language_and_offers_the_other(web: WebOffice) -> None:
    client = web.client()
    indonesian = client.get("/").text
    assert '<html lang="id">' in indonesian
    assert '<a class="tongue" href="?lang=en" lang="en" hreflang="en">English</a>' in indonesian
    english = client.get("/?lang=en").text
    assert '<html lang="en">' in english
    assert "Check a letter" in english


def test_the_choice_is_kept_and_can_be_taken_back(web: WebOffice) -> None:
    client = web.client()
    (cookie,) = client.get("/?lang=en").headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-lang=en; ")
    assert cookie.endswith("; Secure; HttpOnly; Path=/; SameSite=Lax")
    assert "Check a letter" in client.get("/periksa").text
    client.get("/periksa?lang=id")
    assert "Periksa surat" in client.get("/").text


@pytest.mark.parametrize("strange", ["de", "", "../x", "en_US", "e" * 3000])
def test_a_language_we_do_not_speak_is_ignored(web: WebOffice, strange: str) -> None:
    client = web.client()
    response = client.get("/", query_string={"lang": strange})
    assert '<html lang="id">' in response.text
    assert response.headers.getlist("Set-Cookie") == []
    client.set_cookie("__Host-lang", strange)
    assert '<html lang="id">' in client.get("/").text


def test_the_counter_speaks_english_down_to_its_mistakes(web: WebOffice) -> None:
    client = web.client(CLERK)
    page = client.get(f"/loket/surat/baru/{SLUG}?lang=en").text
    form = {**hidden(page), **ANSWERS, "purpose": ""}
    wrong = client.post(f"/loket/surat/baru/{SLUG}/periksa", data=form)
    assert "Purpose: This is required." in wrong.text
    form["purpose"] = "study"
    checked = client.post(f"/loket/surat/baru/{SLUG}/periksa", data=form)
    assert "17 August 1990" in visible(checked.text)
    assert "Female" in visible(checked.text)


def test_a_page_that_answers_a_form_offers_no_switch_that_would_lose_it(web: WebOffice) -> None:
    client = web.client(CLERK)
    form = hidden(client.get(f"/loket/surat/baru/{SLUG}").text)
    assert "?lang=" not in client.post(f"/loket/surat/baru/{SLUG}", data=form).text


def test_a_page_is_compiled_with_its_sentences_in_place(web: WebOffice) -> None:
    """What asks for a sentence is gone from the code, with facts or without."""
    pages = web.app.jinja_env
    assert pages.loader is not None
    for code, sentence in (("id", "Menurut register"), ("en", "In the register")):
        name = f"{code}/verify/answer.html"
        source, _, _ = pages.loader.get_source(pages, name)
        compiled = pages.compile(source, name, raw=True)
        assert f">{sentence}<" in compiled
        assert "_(" in source
        assert not re.findall(r"l_0__\b", compiled)


def test_two_languages_at_once_do_not_mix(web: WebOffice) -> None:
    for _ in range(2):
        for code, word in (("id", "TIDAK DIKENAL"), ("en", "UNKNOWN")):
            page = web.client().get(f"/v/123?lang={code}").text
            assert f"<h1>{word}</h1>" in page
            assert f'<html lang="{code}">' in page

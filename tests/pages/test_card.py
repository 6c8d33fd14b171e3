"""The pictures of moments and lessons for links to them."""

from __future__ import annotations

import struct
import zlib
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.pages.test_sitemap import HERE, shared
from tests.recording import SLUG, Recording
from tutor.lessons import catalogue
from tutor.runs.code_hash import hash_of_code
from tutor.runs.models import ReferenceRun
from tutor.styles.card import cards, style_sheet

pytestmark = pytest.mark.django_db
SIZE = 1200, 630
SVG = "http://www.w3.org/2000/svg"


def pixels(png: bytes) -> bytes:
    """Return the filtered lines of pixels of a PNG of `SIZE`, as its chunks have them, with their checksums tested."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    data, at, kinds = b"", 8, []
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        chunk = png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length]) == (zlib.crc32(kind + chunk),)
        if kind == b"IHDR":
            assert struct.unpack(">II", chunk[:8]) == SIZE
        data += chunk if kind == b"IDAT" else b""
        kinds.append(kind)
        at += 12 + length
    assert kinds[-1] == b"IEND"
    return zlib.decompress(data)


def card(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    found: bytes = response.content
    assert len(pixels(found)) > SIZE[1]
    return found


def test_each_step_has_a_picture_of_its_own(recording: Recording, client: Client) -> None:
    recording.go_on()
    run = recording.run.get_absolute_url()
    cards = [card(client, f"{run}card/{step}.png") for step in range(1, 7)]
    assert len(set(map(pixels, cards))) == len(cards)


def test_a_step_looks_the_same_whatever_comes_later(recording: Recording, client: Client) -> None:
    address = f"{recording.run.get_absolute_url()}card/2.png"
    recording.go_on(lambda seen: seen.kind == "started")
    early = card(client, address)
    recording.go_on()
    cards.clear()
    assert card(client, address) == early


def test_a_step_can_be_taken_along_as_svg_with_its_style_in_it_and_its_text_as_text(
    recording: Recording, client: Client
) -> None:
    recording.go_on()
    page = client.get(f"{recording.run.get_absolute_url()}?style=read&step=3").content.decode()
    address = f"{recording.run.get_absolute_url()}card/3.svg"
    assert f'href="{address}"' in page
    response = client.get(address)
    assert response["Content-Disposition"].endswith(f'{recording.run.public_id}-3.svg"')
    picture = ElementTree.fromstring(response.content.decode())
    texts = [each.text or "" for each in picture.iter(f"{{{SVG}}}text")]
    assert {"The monitor stores the result of copysign,", "with success True."} <= set(texts)
    assert {each.tag.partition("}")[2] for each in picture.iter()}.isdisjoint({"image", "script", "a", "foreignObject"})
    assert [each.text for each in picture.iter(f"{{{SVG}}}style")] == [style_sheet()]


@pytest.mark.parametrize("kind", ["png", "svg"])
@pytest.mark.parametrize("step", [0, 7, 999_999_999_999])
def test_a_step_that_the_run_has_not_made_is_not_there(
    recording: Recording, client: Client, step: int, kind: str
) -> None:
    recording.go_on()
    response = client.get(f"{recording.run.get_absolute_url()}card/{step}.{kind}")
    assert response.status_code == 404
    assert f"This run has no step {step}" in response.content.decode()


@pytest.mark.parametrize("address", ["/runs/nothing/card/1.png", "/lessons/nothing/card.png"])
def test_an_unknown_run_or_lesson_is_not_there(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_link_to_a_step_unfurls_with_its_sentence_and_its_picture(recording: Recording, client: Client) -> None:
    recording.go_on()
    tags = shared(client, f"{recording.run.get_absolute_url()}?step=2")
    assert tags["og:title"] == "Task results and status in Django, step 2"
    assert tags["og:description"].startswith("Worker A ")
    assert tags["og:image"].startswith(f"{HERE}/runs/{recording.run.public_id}/card/2.png?edition=")
    response = client.get(tags["og:image"])
    assert "immutable" in response["Cache-Control"]
    assert "public" in response["Cache-Control"]
    later = client.get(tags["og:image"].partition("?")[0])
    assert "immutable" not in later["Cache-Control"]


def test_a_run_that_goes_on_has_a_picture_that_is_not_kept_for_ever(recording: Recording, client: Client) -> None:
    recording.go_on(lambda seen: seen.kind == "started")
    tags = shared(client, f"{recording.run.get_absolute_url()}?step=1")
    assert "edition" not in tags["og:image"]
    assert "immutable" not in client.get(tags["og:image"])["Cache-Control"]


def test_a_lesson_has_the_picture_of_its_symptom_as_soon_as_there_is_a_run(
    recording: Recording, client: Client
) -> None:
    before = shared(client, f"/lessons/{SLUG}/")["og:image"]
    plain = card(client, before)
    recording.go_on()
    run = recording.run
    ReferenceRun.objects.create(run=run, version=run.version, case="default", code=hash_of_code(), number=1)
    after = shared(client, f"/lessons/{SLUG}/")["og:image"]
    assert after != before
    assert pixels(card(client, after)) != pixels(plain)


def test_every_lesson_has_a_picture_even_without_a_run(client: Client) -> None:
    pictures = {card(client, f"/lessons/{slug}/card.png") for slug in list(catalogue.lessons())[:4]}
    assert len(pictures) == 4

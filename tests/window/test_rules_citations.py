"""May a legal article be cited in both languages, or plainly where it reads the same?"""

from __future__ import annotations

import json

import pytest
import yaml

from payvand.window.rules import packs
from payvand.window.rules.pack_model import Text
from tests.window.test_rules_packs import GOOD


def loaded(ref):
    body = yaml.safe_load(GOOD)
    body["legal_basis"][0]["ref"] = ref
    return packs.load(json.dumps(body, ensure_ascii=False, indent=1), "service.yaml")


@pytest.mark.parametrize(("ref", "wanted"), [
    pytest.param("12/34", Text("12/34", "12/34"), id="plain"),
    pytest.param({"fa": "مادهٔ ۴", "en": "art. 4"}, Text("مادهٔ ۴", "art. 4"), id="both"),
    pytest.param("", None, id="empty"),
])  # fmt: skip
def test_a_citation_is_plain_or_in_both_languages(ref, wanted):
    result = loaded(ref)
    assert not result.errors
    assert packs.compile(result.pack).legal_basis["law"].ref == wanted


@pytest.mark.parametrize("ref", [{"fa": "مادهٔ ۴"}, 4, {"fa": "مادهٔ ۴", "en": ""}])
def test_a_citation_in_one_language_of_two_is_refused_with_its_line(ref):
    result = loaded(ref)
    assert result.errors
    assert all("ref" in str(one.path) and one.line for one in result.errors)


def test_the_language_that_is_missing_is_named():
    assert [one.code for one in loaded({"fa": "مادهٔ ۴"}).errors] == ["schema.missing_language"]


def test_every_article_of_the_shipped_packs_reads_in_both_languages():
    for name, text in packs.shipped().items():
        result = packs.load(text, f"{name}/service.yaml")
        for basis in packs.compile(result.pack).legal_basis.values():
            assert basis.ref is None or basis.ref.fa != basis.ref.en
            if basis.ref is not None:
                assert not any("a" <= letter <= "z" for letter in basis.ref.fa)

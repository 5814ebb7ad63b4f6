"""What can be asked of the matching at a terminal? Measure the ranking, move terms, index anew."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

SHOWN = 20  # names of new terms that are printed


def register(group: click.Group) -> None:
    """Add `match` to the command."""
    group.add_command(match)


@click.group()
def match() -> None:
    """Match needs with firms."""


@match.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--run", "run", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A run to compare with: a table of need, firm and rank.")  # fmt: skip
@click.option(
    "--semantic",
    is_flag=True,
    help="Use a model of meaning too: the one set, or that of the extra `semantic`.",
)
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def evaluate(*, folder: Path, run: Path | None, semantic: bool, as_json: bool) -> None:
    """Measure the ranking on a set of needs whose right answers are known."""
    from payvand.matching import evaluating, queries

    test = evaluating.read(folder)
    other = evaluating.read_run(run) if run else None
    meaning = (settings_of() or "local") if semantic else ""
    with click.progressbar(length=len(test.needs), label="Needs", file=sys.stderr) as bar:
        seen = [0]

        def tell(done: int, total: int) -> None:
            bar.length = total
            bar.update(max(done - seen[0], 0))
            seen[0] = done

        ours = evaluating.rank_all(test, bridge=queries.bridge(), meaning=meaning, tell=tell)
    found = evaluating.report(test, ours, other)
    if as_json:
        click.echo(json.dumps(found.as_json()))
        return
    click.echo(f"{found.needs} needs in {found.groups} groups, {len(test.evidence)} evidence items")
    click.echo(f"{'':<14}{'nDCG@10':>9}{'R@10':>9}{'MRR@10':>9}")
    click.echo(f"{'this ranking':<14}{found.ndcg10:>9.4f}{found.recall10:>9.4f}{found.mrr10:>9.4f}")
    if found.difference:
        base, gap = found.run, found.difference
        click.echo(
            f"{'given run':<14}{base['ndcg10']:>9.4f}{base['recall10']:>9.4f}{base['mrr10']:>9.4f}"
        )
        told = f"{gap.mean:+.4f}, 95 % from {gap.low:+.4f} to {gap.high:+.4f}"
        click.echo(f"difference of nDCG@10: {told} (paired bootstrap over groups)")


@match.group()
def terms() -> None:
    """Names of things in Persian and English."""


@terms.command("import")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False
)
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def import_(*, file: Path | None, as_json: bool) -> None:
    """Take terms in from a CSV file; without a file, those that come with the product."""
    from payvand.matching import actions
    from payvand.registry.public import system

    by = system("terminal")
    told = (
        actions.import_terms(by=by, data=file.read_bytes(), topic=file.stem[:30])
        if file
        else actions.seed_terms(by=by)
    )
    bad = [{"line": row.line, "problem": row.problem, "remedy": row.remedy} for row in told.bad]
    if as_json:
        click.echo(json.dumps({"added": told.added, "changed": told.changed, "same": told.same,
                               "bad": bad}))  # fmt: skip
        return
    click.echo(f"{told.added} added, {told.changed} changed, {told.same} as they were")
    for row in bad:
        click.echo(f"line {row['line']}: {row['problem']} {row['remedy']}")


@terms.command("update")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def update(*, as_json: bool) -> None:
    """Bring in the vocabulary of this release; rows that were edited here stay."""
    from payvand.matching import actions
    from payvand.registry.public import system

    told = actions.update_terms(by=system("terminal"))
    if as_json:
        counts = {"added": told.added, "changed": told.changed, "same": told.same}
        click.echo(json.dumps({**counts, "kept": told.kept, "new": told.new}, ensure_ascii=False))
        return
    click.echo(f"{told.added} added, {told.changed} changed, {told.same} as they were, "
               f"{told.kept} edited here and kept")  # fmt: skip
    if told.new:
        rest = f" … and {told.added - SHOWN} more" if told.added > SHOWN else ""
        click.echo(f"new: {'، '.join(told.new[:SHOWN])}{rest}")
    if told.added or told.changed:
        click.echo("Old evidence learns them with: payvand match index")


@terms.command("export")
def export() -> None:
    """Print all terms as CSV."""
    from payvand.matching import actions

    click.echo(actions.export_terms(), nl=False)


@match.command()
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def index(*, as_json: bool) -> None:
    """Index all evidence of the databank anew."""
    from payvand.matching import actions

    count = actions.rebuild_index()
    click.echo(json.dumps({"items": count}) if as_json else f"{count} items can be found")


@match.command()
@click.option("--anew", "is_anew", is_flag=True, help="Drop all vectors first.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def meaning(*, is_anew: bool, as_json: bool) -> None:
    """Embed all evidence for ranking by meaning, and say whether the model works."""
    from payvand.matching import queries

    place = queries.nearness()
    if place is None:
        told: dict[str, object] = {"model": "", "problem": "", "ready": 0, "waiting": 0}
    else:
        place.rebuild(queries.evidence(), is_anew=is_anew)
        with click.progressbar(length=place.counts()[1], label="Texts", file=sys.stderr) as bar:
            seen = [0]

            def tell(done: int) -> None:
                bar.update(done - seen[0])
                seen[0] = done

            place.catch_up(queries.bridge(), seconds=float("inf"), tell=tell)
        problem = place.problem
        ready, waiting = place.counts()
        told = {"model": settings_of(), "problem": problem, "ready": ready, "waiting": waiting}
    if as_json:
        click.echo(json.dumps(told))
    elif not told["model"]:
        click.echo("No model of meaning is set (PAYVAND_MATCHING_MEANING): words alone rank.")
    else:
        click.echo(f"{told['ready']} texts are ready, {told['waiting']} wait ({told['model']})")
        if told["problem"]:
            click.echo(f"Ranking goes by words alone: {told['problem']}")
    if told["problem"]:
        raise SystemExit(1)


def settings_of() -> str:
    """Return which model of meaning is set."""
    from django.conf import settings

    return str(settings.PAYVAND_MATCHING_MEANING)


@match.command("export")
@click.option("--format", "form", type=click.Choice(["ocds", "qrels"]), default="ocds",
              help="ocds: open contracting data; qrels: what became of firms, graded.")  # fmt: skip
def export_needs(*, form: str) -> None:
    """Print needs to contracts as OCDS 1.1, or graded judgements for `evaluate`."""
    from payvand.matching.exchange import reading, releases

    if form == "ocds":
        click.echo(json.dumps(releases.package(), ensure_ascii=False, indent=1))
        return
    click.echo("need\tfirm\tgrade")
    for need, firm, grade in reading.judgements():
        click.echo(f"{need}\t{firm}\t{grade}")

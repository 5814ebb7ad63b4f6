"""Which forms have the accounts of the sign-in page begun and not yet sent?"""

from __future__ import annotations

from random import Random

from django.contrib.auth import get_user_model

from payvand.demo import filings
from payvand.demo.people import People
from payvand.registry import public as registry
from payvand.window import public as window

# account, service, steps left to do: one stands before its last step, one before being sent
BEGUN = (("demo-applicant", filings.LAND, 1), ("demo-company", filings.TRADE, 0))


def begin(people: People, *, seed: int) -> None:
    """Begin some drafts through the window's own actions, as their owners would."""
    for username, slug, left in BEGUN:
        user = get_user_model().objects.get(pk=people.users[username])
        by = registry.actor_for(user)
        crowd = people.companies if slug == filings.TRADE else people.persons
        applicant, place = crowd[0]
        facts = filings.FACTS[slug](Random(f"{seed}/draft/{slug}"), place, False)
        draft = window.start_draft(by=by, user_id=user.pk, service_slug=slug, applicant=applicant)
        steps = window.service_of(draft.version_id).steps
        for step in steps[: len(steps) - left]:
            typed = {f.id: facts[f.id] for f in step.fields if f.id in facts}
            window.save_step(by=by, draft_id=draft.pk, step_id=step.id, data=typed)

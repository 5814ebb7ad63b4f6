"""Who visits the pages in these tests?"""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from payvand.registry import public as registry

PASSWORD = "a-long-password-1"


@pytest.fixture
def client():
    """A browser that shows faults as visitors see them."""
    return Client(raise_request_exception=False)


@pytest.fixture
def person(db):
    """Somebody with an account and no role."""
    return get_user_model().objects.create_user("maryam", password=PASSWORD)


@pytest.fixture
def agency(db):
    """An agency with a slug."""
    draft = registry.PartyDraft(kind="agency", name_fa="دستگاه نمونه", name_en="Sample", slug="tax")
    return registry.register_party(draft, by=registry.system("test"))

"""What do the tests of the presentation kit share?"""

import pytest

from tests.ui import gallery


@pytest.fixture(params=["fa", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    """Each language in turn."""
    return str(request.param)


@pytest.fixture
def page(lang: str) -> str:
    """The gallery in that language."""
    return gallery.page(lang)

"""What becomes of an error that a page did not handle itself?"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from payvand.kernel.errors import PayvandError
from payvand.web import problems

GetResponse = Callable[[HttpRequest], HttpResponse]


class ErrorPages:
    """Turn a PayvandError into a page or a problem; a visitor who may not read signs in first."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; errors come through `process_exception`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the answer to a refusal; None leaves every other error to Django."""
        if not isinstance(error, PayvandError):
            return None
        is_page = not request.path.startswith(problems.API_PREFIX)
        is_visitor = not request.user.is_authenticated
        if is_page and is_visitor and request.method == "GET" and error.status in (401, 403):
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('login')}?{query}")
        return problems.respond(request, error)

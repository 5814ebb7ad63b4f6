"""Which refusals belong to the web itself, and to no context?"""

from __future__ import annotations

from payvand.kernel.errors import Conflict, PayvandError, gettext_noop


class BadRequest(PayvandError):
    """The request itself cannot be read."""

    code, status = "web.bad_request", 400
    what = gettext_noop("This request could not be understood.")
    why = gettext_noop("Something in the address or in what was sent is broken.")
    now = gettext_noop("Go back and try again.")


class NotSignedIn(PayvandError):
    """Nobody is signed in, and no valid token was sent."""

    code, status = "web.sign_in_first", 401
    what = gettext_noop("Please sign in first.")
    why = gettext_noop("We have to know on whose behalf this is done.")
    now = gettext_noop("Sign in, or send a valid token of your organisation.")


class Forbidden(PayvandError):
    """Django refused the request before it reached an action."""

    code, status = "web.forbidden", 403
    what = gettext_noop("You may not do this.")
    why = gettext_noop("This page is not open to you.")
    now = gettext_noop("Ask the office that is responsible, or sign in with another role.")


class FormExpired(PayvandError):
    """The secret of the form does not fit the session (CSRF)."""

    code, status = "web.form_expired", 403
    what = gettext_noop("The form was open for too long.")
    why = gettext_noop(
        "You may have signed in or out in another window, or your browser keeps no cookies."
    )
    now = gettext_noop("Go back, reload the page, and send it again.")


class TooManyAttempts(PayvandError):
    """Somebody guesses a password, or has forgotten theirs."""

    code, status = "web.too_many_attempts", 429
    what = gettext_noop("Signing in has to wait for a while.")
    why = gettext_noop("The password was wrong several times, so we protect this account.")
    now = gettext_noop(
        "Try again in {minutes} minutes. If you have forgotten the password, ask the"
        " administrator of your organisation for a new one."
    )


class ServerFault(PayvandError):
    """We made a mistake; it is in our log."""

    code, status = "web.fault", 500
    what = gettext_noop("Something went wrong on our side.")
    why = gettext_noop("It is not your fault, and nothing was half done.")
    now = gettext_noop("Please try again in a few minutes. If it stays, tell your support.")


class KeyMissing(PayvandError):
    """A POST to the interface came without an Idempotency-Key."""

    code, status = "api.key_missing", 400
    what = gettext_noop("The header Idempotency-Key is missing or unusable.")
    why = gettext_noop("Without it a retry after a lost connection would do the work twice.")
    now = gettext_noop("Send a key of 1 to 100 visible ASCII characters, a new one for each task.")


class KeyReused(PayvandError):
    """The Idempotency-Key was used for another request before."""

    code, status = "api.key_reused", 422
    what = gettext_noop("This Idempotency-Key belongs to another request.")
    why = gettext_noop("The same key was sent before with another address or content.")
    now = gettext_noop("Use a new key for a new task, and the same content for a retry.")


class KeyInProgress(Conflict):
    """The first request with this Idempotency-Key has not ended yet."""

    code = "api.key_in_progress"
    what = gettext_noop("The first request with this key is still at work.")
    why = gettext_noop("Doing it a second time at once could do the work twice.")
    now = gettext_noop("Wait a few seconds and send the same request again.")


class NotJson(PayvandError):
    """The body of a request to the interface cannot be read as JSON."""

    code, status = "api.not_json", 400
    what = gettext_noop("What was sent is not JSON.")
    why = gettext_noop("It stops making sense at line {line}, column {column}.")
    now = gettext_noop("Send JSON in UTF-8: names and texts in double quotes, no comma at the end.")


class WrongMediaType(PayvandError):
    """The interface reads application/json, and was sent something else."""

    code, status = "api.wrong_media_type", 415
    what = gettext_noop("This interface takes JSON only.")
    why = gettext_noop("The header Content-Type said “{sent}”.")
    now = gettext_noop("Send JSON with the header Content-Type: application/json.")


class TooLarge(PayvandError):
    """More was sent than is taken in at once."""

    code, status = "web.too_large", 413
    what = gettext_noop("That is more than is taken in at once.")
    why = gettext_noop("One request may carry up to {mb} megabytes.")
    now = gettext_noop("Send smaller files, or fewer things at once.")


class WrongMethod(PayvandError):
    """The address is there, and does not know this method."""

    code, status = "web.wrong_method", 405
    what = gettext_noop("This address cannot be used in this way.")
    why = gettext_noop("It was asked with {method} and knows {allowed}.")
    now = gettext_noop("Use one of these, or begin again from the start page.")


class ReadsOnly(PayvandError):
    """The token may look, and change nothing."""

    code = "web.reads_only"
    status = 403
    what = gettext_noop("This token may only read.")
    why = gettext_noop("It was made so by the head of its organisation.")
    now = gettext_noop("Ask for a token that may also answer.")


class PasswordFirst(PayvandError):
    """A password that somebody else has set is replaced before anything else."""

    code = "web.password_first"
    status = 403
    what = gettext_noop("Choose a password of your own first.")
    why = gettext_noop("The present one was set by an administrator.")
    now = gettext_noop("Sign in to the pages once and choose it there.")

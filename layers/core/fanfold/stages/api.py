"""What the API's routes call, each with its ports."""

from __future__ import annotations

from dataclasses import dataclass

from fanfold.access import SignIn
from fanfold.model import Options
from fanfold.stages.documents import Documents
from fanfold.stages.languages import Languages
from fanfold.stages.removal import Delete
from fanfold.stages.rerun import Cancel, Retry
from fanfold.stages.search import Search
from fanfold.stages.submit import Submit
from fanfold.stages.tokens import Tokens
from fanfold.stages.unlock import Unlock
from fanfold.stages.webhooks import Webhooks


@dataclass(frozen=True, slots=True)
class Api:
    """The use cases of the routes, and what requests are checked against."""

    documents: Documents
    submit: Submit
    unlock: Unlock
    retry: Retry
    cancel: Cancel
    delete: Delete
    languages: Languages
    defaults: Options
    search: Search
    tokens: Tokens
    webhooks: Webhooks
    sign_in: SignIn | None
    """Where the web page lets people sign in, beside showing a token."""
    signed: bool
    """Whoever comes through has signed his request, and is the one tenant."""

"""Webhooks: made, listed, removed; and news that are sent to them until somebody answers."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from fanfold import keys, names, targets, webhooks
from fanfold.errors import InvalidRequest, NotFound
from fanfold.messages import NotifyMessage, encode_news
from fanfold.model import Told
from fanfold.ports import Clock, Posted, Poster, Queue, Secrets, WebhookStore
from fanfold.targets import UnfitUrl
from fanfold.webhooks import Attempt, Event, News, Webhook

_MOST_WEBHOOKS = 20
"""Of a tenant: each is a message for each event."""
_MOST_URL = 2_048
_WEBHOOK_ID = re.compile(r"[0-9a-f]{16}")
_SECRET_KEPT = 24 * 3600 * 1000
"""How long events are signed with a secret that was replaced, too, in milliseconds."""
DELAYS = (5, 300, 1_800, 7_200, 18_000, 28_800, 30_300)
"""Seconds until the next try, by how many there were: a day in all."""
_DAY = 24 * 3600 * 1000
_MOST_DELAY = 900
"""Seconds that SQS keeps a message back at most."""
_GOOD, _GONE = 2, 410
"""The class of statuses that says that it arrived; what says that it never will."""
_MOST_ATTEMPTS = 100


def wanted(store: WebhookStore, tenant: str) -> Told:
    """Return of what the webhooks that a tenant has now are to be told."""
    found = {event for one in store.of(tenant) if one.off_at is None for event in one.events}
    if Event.PAGE_ENDED in found:
        return Told.PAGES
    return Told.END if found else Told.NOTHING


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Gives and takes webhooks.

    ``reach`` has patterns of the hosts that can be called from here, none where nobody can;
    ``private``: addresses of the machine's own network, too.
    """

    store: WebhookStore
    secrets: Secrets
    clock: Clock
    reach: tuple[str, ...]
    private: bool

    def create(
        self, tenant: str, url: str, events: Collection[str], name: str
    ) -> tuple[str, Webhook]:
        """Make a webhook; return its secret, which is not told again. Raises InvalidRequest."""
        self._check(url)
        try:
            chosen = tuple(one for one in Event if one in {Event(event) for event in events})
        except ValueError:
            chosen = ()
        if not chosen:
            raise InvalidRequest(f"A webhook is told of some of {', '.join(Event)}.")
        if len(self.store.of(tenant)) >= _MOST_WEBHOOKS:
            raise InvalidRequest(f"A tenant has at most {_MOST_WEBHOOKS} webhooks.")
        now = self.clock.now()
        made = Webhook(webhooks.fresh_id(), tenant, url, chosen, names.shown(name), now)
        secret = webhooks.fresh_secret()
        self._keep(made, [{"secret": secret}])
        self.store.put(made)
        return secret, made

    def listing(self, tenant: str) -> list[Webhook]:
        """Return a tenant's webhooks, the newest first."""
        return sorted(self.store.of(tenant), key=lambda one: one.created_at, reverse=True)

    def remove(self, tenant: str, webhook_id: str) -> Webhook:
        """Take a webhook away; what is on its way to it is not sent. Raises NotFound."""
        found = self._find(tenant, webhook_id)
        self.store.remove(found)
        self.secrets.forget(keys.webhook(tenant, webhook_id))
        return found

    def rotate(self, tenant: str, webhook_id: str) -> tuple[str, Webhook]:
        """Give a webhook another secret; the one before signs as well for a day."""
        found = self._find(tenant, webhook_id)
        secret, until = webhooks.fresh_secret(), self.clock.now() + _SECRET_KEPT
        before = secrets_of(self.secrets, found, self.clock.now())[:1]
        self._keep(found, [{"secret": secret}, *({"secret": s, "until": until} for s in before)])
        return secret, found

    def attempts(self, tenant: str, webhook_id: str) -> Sequence[Attempt]:
        """Return the last tries to deliver something. Raises NotFound."""
        return self.store.attempts(self._find(tenant, webhook_id).id, _MOST_ATTEMPTS)

    def _find(self, tenant: str, webhook_id: str) -> Webhook:
        found = self.store.get(tenant, webhook_id) if _WEBHOOK_ID.fullmatch(webhook_id) else None
        if found is None:
            raise NotFound("There is no such webhook.")
        return found

    def _keep(self, webhook: Webhook, signing: list[dict[str, object]]) -> None:
        self.secrets.put(keys.webhook(webhook.tenant, webhook.id), json.dumps(signing))

    def _check(self, url: str) -> None:
        if len(url) > _MOST_URL:
            raise InvalidRequest(f"An address has at most {_MOST_URL} characters.")
        try:
            host, _ = targets.check(url, private=self.private)
        except UnfitUrl as error:
            raise InvalidRequest(str(error)) from None
        if not any(fnmatchcase(host, one) for one in self.reach):
            raise InvalidRequest(
                f"This service calls {', '.join(self.reach) or 'nobody'}: whoever runs it names"
                " others with the parameter OutboundNames."
            )


def secrets_of(kept: Secrets, webhook: Webhook, now: int) -> list[str]:
    """Return what a webhook's events are signed with, the newest first."""
    said = kept.get(keys.webhook(webhook.tenant, webhook.id))
    known = json.loads(said) if said else []
    return [str(one["secret"]) for one in known if one.get("until", now) >= now]


@dataclass(frozen=True, slots=True)
class Notify:
    """Tells webhooks what happened, each until it has answered or a day is over."""

    store: WebhookStore
    secrets: Secrets
    queue: Queue
    poster: Poster
    clock: Clock

    def __call__(self, message: NotifyMessage) -> None:
        """Hand news on to each webhook that wants them; or try to deliver to one of these."""
        if not message.webhook:
            self._spread(message.news)
            return
        webhook = self.store.get(message.news.tenant, message.webhook)
        if webhook is None or webhook.off_at is not None:
            return
        if message.due > self.clock.now():
            self._later(message)
            return
        self._deliver(webhook, message)

    def _spread(self, news: News) -> None:
        asked = [
            one.id
            for one in self.store.of(news.tenant)
            if one.off_at is None and news.event in one.events
        ]
        bodies = [encode_news(NotifyMessage(news, one)) for one in asked]
        if bodies:
            self.queue.send(bodies, group=news.tenant)

    def _deliver(self, webhook: Webhook, message: NotifyMessage) -> None:
        tried = webhooks.attempted(webhook.id, message.news, message.number, self.clock.now())
        posted = self._post(webhook, message.news, tried)
        arrived = posted.status is not None and posted.status // 100 == _GOOD
        goes_on = not arrived and posted.status != _GONE and message.number <= len(DELAYS)
        now = self.clock.now()
        due = now + DELAYS[message.number - 1] * 1000 if goes_on else None
        tried = replace(
            tried,
            status=posted.status,
            code=posted.code,
            milliseconds=now - tried.moment,
            next_at=due,
        )
        self.store.log(webhook.id, tried)
        self._note(webhook, posted, now, arrived=arrived, last=not goes_on)
        if due is not None:
            self._later(replace(message, number=message.number + 1, due=due))

    def _post(self, webhook: Webhook, news: News, tried: Attempt) -> Posted:
        signing = secrets_of(self.secrets, webhook, tried.moment)
        if not signing:
            return Posted(None, "NO_SECRET")
        content = webhooks.body(news)
        signed = webhooks.headers(tried.event_id, tried.moment // 1000, content, signing)
        return self.poster.post(webhook.url, signed, content)

    def _note(
        self, webhook: Webhook, posted: Posted, now: int, *, arrived: bool, last: bool
    ) -> None:
        """Note whether it answers; switch it off where it is gone, or was silent for a day."""
        since = None if arrived else webhook.failing_since or now
        dead = last and since is not None and now - since >= _DAY
        off = dead or posted.status == _GONE
        if off or since != webhook.failing_since:
            why = "GONE" if posted.status == _GONE else posted.code or f"STATUS_{posted.status}"
            self.store.note(
                webhook,
                failing_since=since,
                off_at=now if off else None,
                off_reason=why if off else "",
            )

    def _later(self, message: NotifyMessage) -> None:
        """Put a message off, by steps of what the queue can."""
        left = max(0, message.due - self.clock.now() + 999) // 1000
        self.queue.send(
            [encode_news(message)], group=message.news.tenant, delay=min(left, _MOST_DELAY)
        )

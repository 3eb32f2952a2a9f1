"""The only reader of the environment.

Every variable is listed in docs/configuration.md. A function sets only what its step needs;
asking for something that is not set raises KeyError at start, not in the middle of a page.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fanfold.access import Issuer, Scope, SignIn
from fanfold.model import MEGABYTE, USUAL_OUTPUTS, Limits, Output, Readers

HEAVY_PIXELS = 24_000_000
"""Of a page that is too large for the ordinary lane: 9,000 by 9,000 at 200 dpi are drawn at 108."""

_DAY = 24 * 3600 * 1000

WHEEL = "tesserocr"
"""Stands for the libtesseract that the wheel of that name carries."""


@dataclass(frozen=True, slots=True)
class Engine:
    """How pages are read.

    ``memory_bytes`` and ``seconds`` bound the child that does it; ``pixels`` bounds one rendered
    page; ``heavy`` says that this is the lane for pages that need more.
    """

    tesseract: str = "tesseract"
    library: str = ""
    """A libtesseract that reads in the program's place: its path, or WHEEL; empty for none."""
    poppler: Path | None = None
    """Folder of pdftoppm and pdftotext; None to find them on PATH."""
    tessdata: Path | None = None
    languages: tuple[str, ...] = ("eng",)
    memory_bytes: int = 320 * MEGABYTE
    seconds: float = 55.0
    pixels: int = 12_000_000
    heavy: bool = False
    second_in_heavy: bool = False
    """Whether the heavy lane has the second reader and this one has not."""
    without: tuple[str, ...] = ()
    """Names of passes and steps to leave out, for benchmarks; an unknown one fails a page."""
    exclusive: bool = False
    """A message comes again only when the worker that had it is dead: not so on AWS."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and how much is allowed, read once per process."""

    environment: Mapping[str, str]
    limits: Limits
    engine: Engine
    workspace: Path
    """Folder for temporary files, wiped before and after each use."""
    outputs: tuple[Output, ...] = USUAL_OUTPUTS
    """What is made where nobody asks for anything."""

    readers: Readers = Readers.AUTO
    """Who recognises where nobody asks for anybody."""

    signed: bool = False
    """Callers have signed their requests, and are one tenant; else they show tokens."""
    issuer: Issuer | None = None
    """Who makes tokens, too; None for nobody."""

    reach: tuple[str, ...] = ()
    """Patterns of the hosts that can be called; none where nobody can."""
    private: bool = False
    """Webhooks may have addresses of the machine's own network. One machine only."""

    sign_in: SignIn | None = None
    """Where the web page lets people sign in with that issuer; None for nowhere."""
    moves: bool = False
    """Originals of dropped files are put away at the end, within the bucket. On AWS only."""

    retain: int | None = None
    """How long documents are kept after their end, in milliseconds; None for ever."""
    data: Path | None = None
    """The data folder where this is one machine; None on AWS."""
    outbox: Path | None = None
    """The plain folder that shows the results of dropped files; None for none. One machine only."""

    @property
    def packs(self) -> Path:
        """Folder of languages that were fetched, kept as long as the worker lives."""
        return self.workspace / "tessdata"

    @property
    def bucket(self) -> str:
        """The bucket of originals, of the outbox and of languages."""
        return self.environment["FANFOLD_BUCKET"]

    @property
    def derived_bucket(self) -> str:
        """The bucket of what is made of documents."""
        return self.environment["FANFOLD_DERIVED_BUCKET"]

    @property
    def key(self) -> str:
        """The stack's KMS key; empty where it has none of its own."""
        return self.environment.get("FANFOLD_KMS_KEY", "")

    @property
    def table(self) -> str:
        """The one table."""
        return self.environment["FANFOLD_TABLE"]

    def queue_url(self, step: str) -> str:
        """Return the URL of the queue in front of ``step`` (intake, split, page, …)."""
        return self.environment[f"FANFOLD_{step.upper()}_QUEUE_URL"]


def initialising() -> bool:
    """Return whether this process is a Lambda function that is being initialised."""
    return "AWS_LAMBDA_FUNCTION_NAME" in os.environ


def traced() -> bool:
    """Return whether X-Ray records the invocation at hand: Lambda says so anew for each."""
    return "Sampled=1" in os.environ.get("_X_AMZN_TRACE_ID", "")


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from ``environment``, by default the process's own."""
    env = os.environ if environment is None else environment
    return Settings(
        environment=dict(env),
        limits=_limits(env),
        engine=_engine(env),
        workspace=Path(env.get("FANFOLD_WORKSPACE") or Path(tempfile.gettempdir()) / "fanfold"),
        outputs=_outputs(env),
        signed=env.get("FANFOLD_API_AUTH") == "AWS_IAM",
        issuer=_issuer(env),
        reach=_reach(env),
        private=bool(env.get("FANFOLD_DATA")) and env.get("FANFOLD_WEBHOOKS") == "private",
        sign_in=_sign_in(env),
        moves=env.get("FANFOLD_ORIGINALS") == "move",
        readers=Readers(env.get("FANFOLD_ENGINE") or Readers.AUTO),
        retain=int(env.get("FANFOLD_RETAIN_DAYS") or 0) * _DAY or None,
        data=_folder(env, "FANFOLD_DATA"),
        outbox=_folder(env, "FANFOLD_OUTBOX"),
    )


def _folder(env: Mapping[str, str], name: str) -> Path | None:
    return Path(env[name]) if env.get(name) else None


def _outputs(env: Mapping[str, str]) -> tuple[Output, ...]:
    wanted = set((env.get("FANFOLD_OUTPUTS") or ",".join(USUAL_OUTPUTS)).split(","))
    return tuple(output for output in Output if output in wanted)


def _issuer(env: Mapping[str, str]) -> Issuer | None:
    if env.get("FANFOLD_API_AUTH") != "jwt":
        return None
    return Issuer(
        env.get("FANFOLD_JWT_ISSUER", ""),
        tuple(one for one in re.split(r"[,\s]+", env.get("FANFOLD_JWT_AUDIENCE", "")) if one),
        env.get("FANFOLD_JWT_KEYS", ""),
        env.get("FANFOLD_JWT_KEYS_URL", ""),
        env.get("FANFOLD_JWT_TENANT_CLAIM", "sub"),
        env.get("FANFOLD_JWT_SCOPE_PREFIX", ""),
    )


def _reach(env: Mapping[str, str]) -> tuple[str, ...]:
    names = tuple(one for one in env.get("FANFOLD_OUTBOUND_NAMES", "").split(",") if one)
    return {"named": names, "any": ("*",), "private": ("*",)}.get(
        env.get("FANFOLD_WEBHOOKS", ""), ()
    )


def _sign_in(env: Mapping[str, str]) -> SignIn | None:
    issuer, client = _issuer(env), env.get("FANFOLD_SIGN_IN_CLIENT", "")
    if issuer is None or not client:
        return None
    wanted = (f"{issuer.scope_prefix}{scope}" for scope in (Scope.READ, Scope.WRITE))
    return SignIn(
        issuer.name,
        client,
        env["FANFOLD_SIGN_IN_URL"],
        env["FANFOLD_SIGN_IN_TOKEN_URL"],
        " ".join(("openid", *wanted)),
    )


def _limits(env: Mapping[str, str]) -> Limits:
    default = Limits()
    most = int(env.get("FANFOLD_MAX_BYTES") or default.document_bytes)
    return Limits(
        document_bytes=most,
        document_pages=int(env.get("FANFOLD_MAX_PAGES") or default.document_pages),
        image_pixels=int(env.get("FANFOLD_MAX_IMAGE_PIXELS") or default.image_pixels),
        # One machine has no Lambda in the way of a body.
        body_bytes=most if env.get("FANFOLD_DATA") else default.body_bytes,
        tenant_day_bytes=int(env.get("FANFOLD_TENANT_DAY_BYTES") or 0),
        tenant_pages=int(env.get("FANFOLD_TENANT_PAGES") or 0),
    )


def _library(env: Mapping[str, str]) -> str:
    """Return the library to read with: none beside a program that somebody chose.

    A layer with a tesseract of our own says so: that reads faster than the wheel's library.
    """
    program = env.get("FANFOLD_TESSERACT")
    if program and (Path(program).parent.parent / "own").exists():
        return ""
    return env.get("FANFOLD_LIBTESSERACT") or ("" if program else WHEEL)


def _engine(env: Mapping[str, str]) -> Engine:
    default, heavy = Engine(), env.get("FANFOLD_LANE") == "heavy"
    poppler, tessdata = env.get("FANFOLD_POPPLER"), env.get("FANFOLD_TESSDATA")
    memory = int(env.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE") or 320) * MEGABYTE
    return Engine(
        tesseract=env.get("FANFOLD_TESSERACT") or default.tesseract,
        library=_library(env),
        poppler=Path(poppler) if poppler else None,
        tessdata=Path(tessdata) if tessdata else None,
        languages=tuple((env.get("FANFOLD_LANGUAGES") or "eng").replace(",", "+").split("+")),
        memory_bytes=memory,
        seconds=float(env.get("FANFOLD_CHILD_SECONDS") or default.seconds),
        pixels=int(env.get("FANFOLD_PIXELS") or (HEAVY_PIXELS if heavy else default.pixels)),
        heavy=heavy,
        second_in_heavy=env.get("FANFOLD_SECOND_READER") == "heavy" and not heavy,
        exclusive=env.get("FANFOLD_DELIVERY") == "exclusive",
    )

"""The HTTP API: one function behind API Gateway's REST proxy."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.utilities.typing import LambdaContext

from fanfold import edge
from fanfold.errors import FanfoldError, MethodNotAllowed, NotFound
from functions.api import answers, operations, routes

app = APIGatewayRestResolver()
app.include_router(routes.router)


@app.exception_handler(FanfoldError)  # type: ignore[untyped-decorator]
def _refused(error: FanfoldError) -> Response[str]:
    return answers.error(error)


@app.exception_handler(Exception)  # type: ignore[untyped-decorator]
def _unforeseen(error: Exception) -> Response[str]:
    edge.failed("request failed", error)
    return answers.error(FanfoldError())


@app.not_found
def _unknown(error: NotFoundError) -> Response[str]:
    methods = operations.allowed(app.current_event.path)
    if methods and app.current_event.http_method not in methods:
        return answers.error(MethodNotAllowed(methods))
    return answers.error(NotFound("There is no such route."))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request."""
    return edge.request(event, context, lambda: dict(app.resolve(event, context)))

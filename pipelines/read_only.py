"""Dagster's webserver for those who only look: no mutation of GraphQL is carried out, nothing is reported to it, and the first page is the lineage.

Belongs here: what this server refuses and where it begins. Not here: starting it (webserver.py), what it shows.

Dagster's own `--read-only` answers some mutations all the same: it notes that a welcome has been seen, and a dry run runs a sensor's code.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Any

import dagster_webserver.app
from dagster_webserver.cli import cli
from dagster_webserver.webserver import DagsterWebserver
from graphql import ASTValidationRule, GraphQLError, OperationDefinitionNode, OperationType
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pipelines.follow import follow_in_background
from pipelines.settings import read_settings

FIRST_PAGE = "/asset-groups"
REFUSAL = "Her kan man kun se. (This view is read-only: nothing can be started, changed or deleted.)"


class NoMutations(ASTValidationRule):
    """Refuses a document with a mutation before any of it is carried out."""

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        """One error for each mutation."""
        if node.operation is OperationType.MUTATION:
            self.report_error(GraphQLError(REFUSAL, node))


class OnlyLooking:
    """Lets through what reads: GET and HEAD, and questions to GraphQL; the address alone leads to the lineage."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The next of the server's layers, a refusal, or the way to the first page."""
        answer: Callable[[Scope, Receive, Send], Awaitable[None]] = self._app
        if scope["type"] == "http":
            if scope["path"] == "/" and scope["method"] in ("GET", "HEAD"):
                answer = RedirectResponse(FIRST_PAGE)
            elif scope["method"] not in ("GET", "HEAD") and scope["path"] != "/graphql":
                answer = PlainTextResponse(REFUSAL, status_code=405, headers={"Allow": "GET, HEAD"})
        await answer(scope, receive, send)


class ReadOnlyWebserver(DagsterWebserver):
    """The webserver with both."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        context = self._process_context
        follow_in_background(read_settings(), context.instance, context.reload_workspace)

    def build_graphql_validation_rules(self) -> Collection[type[ASTValidationRule]]:
        """GraphQL's own, and no mutation."""
        return [*super().build_graphql_validation_rules(), NoMutations]

    def build_middleware(self) -> list[Middleware]:
        """Only looking, before everything else."""
        return [Middleware(OnlyLooking), *super().build_middleware()]


def main() -> None:
    """`python -m pipelines.read_only` takes the options of dagster-webserver."""
    vars(dagster_webserver.app)["DagsterWebserver"] = ReadOnlyWebserver
    cli()


if __name__ == "__main__":
    main()

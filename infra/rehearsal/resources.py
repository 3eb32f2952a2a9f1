"""Create what the template stores data in: bucket, table, queues, rules. Through boto3, as ever."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from infra.rehearsal.clients import Clients
from infra.template.intrinsics import TemplateError
from infra.template.names import physical_name
from infra.template.template import Resource, Template

Properties = dict[str, Any]

RUN_ELSEWHERE = frozenset({"AWS::Serverless::Function", "AWS::Serverless::Api"})
"""What the runner and the gateway are for."""

NOT_NEEDED = (
    "AWS::ApiGateway::",
    "AWS::CloudFormation::",
    "AWS::CloudWatch::",
    "AWS::EC2::",
    "AWS::IAM::",
    "AWS::Logs::",
    "AWS::Pipes::",
    "AWS::Route53::",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::",
    "AWS::SQS::QueuePolicy",
    "AWS::Serverless::Application",
    "AWS::Serverless::LayerVersion",
)
"""Permissions, networks, alarms, logs and news: nothing on one machine acts on them."""

# Without its stream: moto would keep each change of each item in memory, and nobody reads them.
_TABLE_PROPERTIES = (
    "AttributeDefinitions",
    "BillingMode",
    "GlobalSecondaryIndexes",
    "KeySchema",
    "LocalSecondaryIndexes",
    "ProvisionedThroughput",
)
_QUEUE_PROPERTIES = (
    "DelaySeconds",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "RedrivePolicy",
    "VisibilityTimeout",
)


class Builder:
    """Creates resources on the embedded AWS."""

    def __init__(self, clients: Clients, template: Template) -> None:
        self._template = template
        self._s3 = clients.s3()
        self._dynamodb = clients.dynamodb()
        self._sqs = clients.sqs()
        self._events = clients.events()

    def build(self) -> None:
        """Create everything; raise TemplateError for a type that nothing here knows."""
        steps: Mapping[str, Callable[[Resource], None]] = {
            "AWS::S3::Bucket": self._bucket,
            "AWS::DynamoDB::Table": self._table,
            "AWS::SQS::Queue": self._queue,
            "AWS::Events::Rule": self._rule,
        }
        for name, body in self._template.document["Resources"].items():
            kind = body["Type"]
            known = kind in steps or kind in RUN_ELSEWHERE or kind.startswith(NOT_NEEDED)
            if not known and self._template.exists(name):
                raise TemplateError(f"{name}: {kind} does not run on one machine.")
        for kind, create in steps.items():
            for resource in self._template.resources(kind):
                create(resource)
        # a queue's redrive target may come later in the template than the queue
        for resource in self._template.resources("AWS::SQS::Queue"):
            self._redrive(resource)

    def _name(self, resource: Resource) -> str:
        return physical_name(self._template.place, resource, self._template.value)

    def _value(self, resource: Resource, name: str) -> Any:  # noqa: ANN401
        return self._template.value(resource.properties.get(name))

    def _bucket(self, resource: Resource) -> None:
        name = self._name(resource)
        self._s3.create_bucket(Bucket=name)
        versioning = self._value(resource, "VersioningConfiguration")
        if versioning:
            self._s3.put_bucket_versioning(
                Bucket=name, VersioningConfiguration={"Status": versioning["Status"]}
            )
        notifications = self._value(resource, "NotificationConfiguration") or {}
        bridge = notifications.pop("EventBridgeConfiguration", None)
        if notifications:
            raise TemplateError(f"{resource.id}: only EventBridge notifications run here.")
        if bridge:
            self._s3.put_bucket_notification_configuration(
                Bucket=name, NotificationConfiguration={"EventBridgeConfiguration": {}}
            )

    def _table(self, resource: Resource) -> None:
        wanted = {name: self._value(resource, name) for name in _TABLE_PROPERTIES}
        properties: Any = {name: value for name, value in wanted.items() if value is not None}
        self._dynamodb.create_table(TableName=self._name(resource), **properties)

    def _queue(self, resource: Resource) -> None:
        attributes: Any = {
            name: str(self._value(resource, name))
            for name in _QUEUE_PROPERTIES
            if name in resource.properties and name != "RedrivePolicy"
        }
        self._sqs.create_queue(QueueName=self._name(resource), Attributes=attributes)

    def _redrive(self, resource: Resource) -> None:
        policy = self._value(resource, "RedrivePolicy")
        if policy:
            url = self._template.value({"Ref": resource.id})
            text = policy if isinstance(policy, str) else json.dumps(policy)
            self._sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": text})

    def _rule(self, resource: Resource) -> None:
        pattern = self._value(resource, "EventPattern")
        targets = self._value(resource, "Targets") or []
        if pattern is None or any(":sqs:" not in target["Arn"] for target in targets):
            raise TemplateError(f"{resource.id}: only patterns with queues as targets run here.")
        name = self._name(resource)
        state: Any = self._value(resource, "State") or "ENABLED"
        self._events.put_rule(Name=name, EventPattern=json.dumps(pattern), State=state)
        kept = [{"Id": target["Id"], "Arn": target["Arn"]} for target in targets]
        self._events.put_targets(Rule=name, Targets=cast(Any, kept))

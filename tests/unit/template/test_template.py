"""The template is read as CloudFormation and SAM read it, as far as one machine goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.template.intrinsics import TemplateError
from infra.template.names import Place
from infra.template.template import load
from infra.template.wiring import wire

PLACE = Place("http://127.0.0.1:1")
ROOT = Path(__file__).resolve().parents[3]

HEAD = """
Parameters:
  Name: {Type: String, Default: blue}
  Empty: {Type: String, Default: ""}
Conditions:
  IsBlue: !Equals [!Ref Name, blue]
  IsNot: !Not [!Condition IsBlue]
  Both: !And [!Condition IsBlue, !Not [!Condition IsNot]]
  Either: !Or [!Condition IsNot, !Condition IsNot]
Mappings:
  Sizes: {small: {memory: 128}}
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Table: {Type: AWS::DynamoDB::Table}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub "${AWS::StackName}-intake"}}
  Absent: {Type: AWS::SQS::Queue, Condition: IsNot}
"""


@pytest.fixture
def template(tmp_path):
    def template(text=HEAD, **parameters):
        path = tmp_path / "template.yaml"
        path.write_text(text)
        return load(path, PLACE, parameters)

    return template


@pytest.mark.parametrize(
    ("node", "value"),
    [
        ({"Ref": "Name"}, "blue"),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Ref": "Bucket"}, "fanfold-bucket"),
        ({"Ref": "Table"}, "fanfold-Table"),
        ({"Ref": "Queue"}, "http://127.0.0.1:1/123456789012/fanfold-intake"),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, "arn:aws:sqs:us-east-1:123456789012:fanfold-intake"),
        ({"Fn::GetAtt": "Queue.QueueName"}, "fanfold-intake"),
        ({"Fn::GetAtt": ["Bucket", "Arn"]}, "arn:aws:s3:::fanfold-bucket"),
        ({"Fn::Sub": "${Name}-${Bucket.Arn}-${!Kept}"}, "blue-arn:aws:s3:::fanfold-bucket-${Kept}"),
        ({"Fn::Sub": ["${Own}!", {"Own": {"Ref": "Name"}}]}, "blue!"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Name"}]]}, "a-blue"),
        ({"Fn::Select": [1, {"Fn::Split": [",", "a,b"]}]}, "b"),
        ({"Fn::FindInMap": ["Sizes", "small", "memory"]}, 128),
        ({"Fn::If": ["IsBlue", 1, 2]}, 1),
        ({"Fn::If": ["IsNot", 1, 2]}, 2),
        ({"Fn::If": ["Both", 1, 2]}, 1),
        ({"Fn::If": ["Either", 1, 2]}, 2),
        ([1, {"Fn::If": ["IsNot", 2, {"Ref": "AWS::NoValue"}]}], [1]),
        ({"a": {"Ref": "AWS::NoValue"}, "b": 2}, {"b": 2}),
        ({"Condition": {"Bool": {"x": True}}}, {"Condition": {"Bool": {"x": True}}}),
    ],
)
def test_intrinsics_are_resolved(template, node, value):
    assert template().value(node) == value


def test_a_given_parameter_replaces_the_default(template):
    assert template(Name="red").value({"Fn::If": ["IsNot", 1, 2]}) == 1


def test_a_resource_without_its_condition_is_not_there(template):
    assert [queue.id for queue in template().resources("AWS::SQS::Queue")] == ["Queue"]


@pytest.mark.parametrize(
    ("node", "words"),
    [
        ({"Fn::Cidr": ["10.0.0.0/16", 2, 8]}, "Fn::Cidr is not understood"),
        ({"Ref": "Nothing"}, "no resource Nothing"),
        ({"Ref": "AWS::Nothing"}, "AWS::Nothing"),
        ({"Fn::GetAtt": ["Bucket", "Nothing"]}, "Bucket.Nothing is not known"),
        ({"Fn::If": ["Nothing", 1, 2]}, "no condition Nothing"),
    ],
)
def test_what_is_not_understood_is_named(template, node, words):
    with pytest.raises(TemplateError, match=words):
        template().value(node)


def test_a_parameter_that_is_unknown_or_missing_is_named(template):
    with pytest.raises(TemplateError, match="no parameter Colour"):
        template(Colour="red")
    with pytest.raises(TemplateError, match="no value for the parameter Needed"):
        template("Parameters: {Needed: {Type: String}}\nResources: {}")


FUNCTIONS = """
Globals:
  Function:
    Timeout: 7
    Environment: {Variables: {COMMON: a, LEVEL: b}}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 30
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}
  Dead: {Type: AWS::SQS::Queue}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.handler
      Environment: {Variables: {LEVEL: c, FLAG: true}}
      Events:
        Queue:
          Type: SQS
          Properties: {Queue: !GetAtt Queue.Arn, ScalingConfig: {MaximumConcurrency: 4}}
  Lost:
    Type: AWS::Serverless::Function
    Properties:
      Handler: b.handler
      Timeout: 20
      Events:
        Dead: {Type: SQS, Properties: {Queue: !GetAtt Dead.Arn, BatchSize: 5}}
        Clock: {Type: Schedule, Properties: {Schedule: rate(5 minutes)}}
"""


def test_globals_are_merged_into_functions(template):
    worker = wire(template(FUNCTIONS)).functions["fanfold-Worker"]
    assert worker.timeout == 7
    assert worker.environment == {"COMMON": "a", "LEVEL": "c", "FLAG": "true"}
    assert worker.arn == "arn:aws:lambda:us-east-1:123456789012:function:fanfold-Worker"


def test_events_are_wired(template):
    wiring = wire(template(FUNCTIONS))
    queue, dead = wiring.sources
    assert (queue.function, queue.batch_size, queue.concurrency) == ("fanfold-Worker", 10, 4)
    assert queue.queue_url == "http://127.0.0.1:1/123456789012/fanfold-Queue"
    assert (dead.batch_size, dead.drains_dead_letters) == (5, True)
    assert wiring.schedules[0].seconds == 300


def test_only_functions_on_the_way_of_ordinary_work_are_started_early(template):
    assert wire(template(FUNCTIONS)).eager == ("fanfold-Worker",)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("VisibilityTimeout: 30", "VisibilityTimeout: 6", "Worker: the visibility timeout"),
        ("rate(5 minutes)", "'cron(0 12 * * ? *)'", "only rate"),
        (
            "{Type: SQS, Properties: {Queue: !GetAtt Dead.Arn",
            "{Type: SNS, Properties: {Q: x",
            "SNS",
        ),
    ],
)
def test_wiring_that_would_not_run_is_refused(template, old, new, words):
    with pytest.raises(TemplateError, match=words):
        wire(template(FUNCTIONS.replace(old, new)))


def test_the_projects_own_template_is_understood():
    wiring = wire(load(ROOT / "template.yaml", PLACE))
    assert wiring.functions
    assert wiring.routes
    assert wiring.sources

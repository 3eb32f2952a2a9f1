"""One machine is wired by template.yaml alone: no timeout or count of its own."""

from __future__ import annotations

from pathlib import Path

from infra.machine.steps import Setup, Steps
from infra.template import TEMPLATE


def setup(tmp_path: Path, template: Path = TEMPLATE) -> Setup:
    return Setup(tmp_path / "data", "eng", template=template)


def test_queues_and_functions_are_as_the_template_says(tmp_path: Path):
    text = TEMPLATE.read_text()
    for said, instead in (
        ("VisibilityTimeout: 720", "VisibilityTimeout: 733"),
        ("maxReceiveCount: 20 #", "maxReceiveCount: 4 #"),
        ("MaximumConcurrency: !Ref SplitConcurrency", "MaximumConcurrency: 7"),
        ("FANFOLD_CHILD_SECONDS: 90", "FANFOLD_CHILD_SECONDS: 91"),
        ("MemorySize: 3008", "MemorySize: 3011"),
    ):
        assert said in text
        text = text.replace(said, instead)
    template = tmp_path / "template.yaml"
    template.write_text(text)

    steps = Steps(setup(tmp_path, template), tmp_path / "workspace")

    assert steps.by_queue["intake"].queue._visibility == 733_000
    assert steps.by_queue["page"].queue._maximum_receives == 4
    assert steps.by_queue["page"].queue._dead == "heavy"
    assert steps.by_queue["split"].concurrency == 7
    function = next(name for name in steps.wiring.functions if "Intake" in name)
    assert steps._setup.settings(steps.wiring.functions[function], tmp_path).engine.seconds == 91
    assert steps._ordinary._engine.memory_bytes == 3011 * 1024 * 1024


def test_every_queue_that_the_template_feeds_a_function_from_is_worked_on(tmp_path: Path):
    steps = Steps(setup(tmp_path), tmp_path / "workspace")
    fed = {source.queue_arn for source in steps.wiring.sources}
    names = {queue.step for queue in steps.wiring.queues if queue.arn in fed}
    assert steps.by_queue.keys() == names
    assert {queue.step for queue in steps.wiring.queues} == names

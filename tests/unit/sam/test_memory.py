"""A container's cgroup is found and read, whichever version the kernel has."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.sam.memory import cgroup, working_set

V1 = "9:name=systemd:/docker/abc\n5:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n0::/docker/abc\n"
V2 = "0::/system.slice/docker-abc.scope\n"


def test_the_memory_controller_has_a_folder_of_its_own_in_version_1() -> None:
    assert cgroup(V1, Path("/cgroups")) == Path("/cgroups/memory/docker/abc")


def test_all_controllers_share_a_folder_in_version_2() -> None:
    assert cgroup(V2, Path("/cgroups")) == Path("/cgroups/system.slice/docker-abc.scope")


@pytest.mark.parametrize(
    ("usage", "idle"),
    [("memory.usage_in_bytes", "total_inactive_file"), ("memory.current", "inactive_file")],
)
def test_files_that_nobody_uses_do_not_count(tmp_path: Path, usage: str, idle: str) -> None:
    (tmp_path / usage).write_text("1000\n")
    (tmp_path / "memory.stat").write_text(f"anon 700\n{idle} 300\n")
    assert working_set(tmp_path) == 700


def test_a_container_that_has_ended_has_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        working_set(tmp_path)

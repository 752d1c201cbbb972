"""Files of a sidecar: their keys, their mounts, and who renders those that another one reads."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecarlib import (
    CloudSqlProxySidecar,
    Container,
    InvalidValueError,
    NativeSidecar,
    PodSpec,
    Probe,
    RenderedFile,
    VaultAgentSidecar,
    Volume,
    WaitFor,
)
from sidecarlib.composition.files import file_set
from sidecarlib.model.names import file_key
from sidecarlib.sidecars.vault.authentication import VaultAppRoleAuth

READY = Probe.http("/ready", port=8080)
FOLDERS = st.sampled_from(["/a", "/a/b", "/z", "/my dir/é", "/etc", "/usr/lib"])
NAMES = st.sampled_from(["x", "x-2", "x-3", "b-x", "x.conf", "y" * 253])


def vault(*files: str, **fields: Any) -> VaultAgentSidecar:
    """An agent that renders some files."""
    templates = dict.fromkeys(files, '{{ with secret "a" }}{{ .Data }}{{ end }}')
    return VaultAgentSidecar(**{"address": "https://vault:8200", "role": "app", "files": templates, **fields})


def proxy(file: RenderedFile, **fields: Any) -> CloudSqlProxySidecar:
    """A proxy that reads its credentials from a file."""
    return CloudSqlProxySidecar(instances=["p:r:i"], credentials_file=file, **fields)


def web(**fields: Any) -> NativeSidecar:
    """Any other sidecar."""
    return NativeSidecar(**{"name": "web", "image": "web:1", "startup_probe": READY, **fields})


def spec(*sidecars: Any) -> dict[str, Any]:
    """The Pod spec of an application with these sidecars."""
    pod = PodSpec(containers=[Container(name="app", image="app:1")], sidecars=sidecars)
    rendered: dict[str, Any] = pod.render("web").template["spec"]
    return rendered


def names(*sidecars: Any) -> list[str]:
    """The names of the init sequence."""
    return [container["name"] for container in spec(*sidecars)["initContainers"]]


def seen(files: dict[str, str]) -> dict[str, str]:
    """What a container finds at each path: mount, then volume, then key."""
    made = file_set("s", files)
    found: dict[str, str] = {}
    for mount in made.mounts:
        volume = next(volume for volume in made.volumes if volume["name"] == mount["name"])
        items = volume["configMap"].get("items") or [{"key": key, "path": key} for key in made.data]
        for item in items:
            if "subPath" not in mount:
                found[f"{mount['mountPath']}/{item['path']}"] = made.data[item["key"]]
            elif mount["subPath"] == item["path"]:
                found[mount["mountPath"]] = made.data[item["key"]]
    return found


class TestKeys:
    """Keys of the ConfigMap."""

    def test_no_content_is_lost(self) -> None:
        """A key that is made up never takes the place of another file's."""
        files = {"/a/b-x": "1", "/z/x": "2", "/b/x": "3"}
        assert file_set("s", files).data == {"b-x": "1", "x": "2", "x-2": "3"}
        assert seen(files) == files

    @given(st.dictionaries(st.builds("{}/{}".format, FOLDERS, NAMES), st.text(max_size=3), max_size=12))
    def test_every_path_shows_its_own_text_under_a_key_that_is_taken(self, files: dict[str, str]) -> None:
        """Whatever the folders are called, keys have the syntax of the API server and files their content."""
        assert seen(files) == files
        assert all(file_key(key) is None for key in file_set("s", files).data)


class TestSystemFolders:
    """Files directly in a folder in which an image has its own."""

    def test_such_a_file_is_mounted_alone(self) -> None:
        """The rest of /etc stays as the image has it."""
        assert file_set("s", {"/etc/app.conf": "a"}).mounts == (
            {"name": "s-files", "mountPath": "/etc/app.conf", "readOnly": True, "subPath": "app.conf"},
        )

    def test_a_folder_of_its_own_is_mounted_whole(self) -> None:
        """That one follows the ConfigMap without a restart."""
        assert file_set("s", {"/etc/app/a": "a"}).mounts == (
            {"name": "s-files", "mountPath": "/etc/app", "readOnly": True},
        )


class TestRendered:
    """Files that one sidecar writes and another reads."""

    def test_a_file_that_its_provider_does_not_render_is_an_error(self) -> None:
        """The agent in the Pod is another one than the file was taken from."""
        with pytest.raises(InvalidValueError) as raised:
            spec(vault("g"), proxy(vault("f").file("f")))
        assert str(raised.value) == (
            "vault-agent does not render '/vault/secrets/f' @ container 'cloud-sql-proxy', volume_mounts:"
            " use one of: /vault/secrets/g"
        )

    def test_a_file_that_it_renders_is_fine(self) -> None:
        """It orders, and reaches the manifest as a mount and nothing more."""
        agent = vault("f", "g")
        assert names(proxy(agent.file("f")), agent) == ["vault-agent", "cloud-sql-proxy"]
        assert agent.file("f").mount().render() == agent.mounts()[0].render()

    def test_a_gate_for_a_file_that_nobody_renders_is_an_error(self) -> None:
        """It would wait in vain."""
        with pytest.raises(InvalidValueError, match="container 'web', startup_probe: use one of: /vault/secrets/g"):
            spec(vault("g"), web(startup_probe=WaitFor.file(vault("f").file("f"))))

    def test_two_files_of_a_directory_are_one_mount(self) -> None:
        """Two mounts at one path would be refused by the API server."""
        first = vault("a", "b", name="first")
        login = VaultAppRoleAuth(role_id_file=first.file("a"), secret_id_file=first.file("b"))
        second = vault("c", name="second", role=None, auth=login, secrets_directory="/second")
        mounts = spec(first, second)["initContainers"][1]["volumeMounts"]
        assert [mount["mountPath"] for mount in mounts].count("/vault/secrets") == 1

    def test_the_second_of_two_files_is_checked_too(self) -> None:
        """Sharing a mount hides none."""
        first, other = vault("a", name="first"), vault("a", "b", name="first")
        login = VaultAppRoleAuth(role_id_file=other.file("a"), secret_id_file=other.file("b"))
        second = vault("c", name="second", role=None, auth=login, secrets_directory="/second")
        with pytest.raises(InvalidValueError, match="first does not render '/vault/secrets/b'"):
            spec(first, second)


class TestGates:
    """Mounts of a gate order as those of its sidecar."""

    def test_a_gate_that_mounts_a_volume_starts_after_its_provider(self) -> None:
        """The file would never come, and the gate fail."""
        agent = vault("f")
        for gate in (
            WaitFor.command(["true"], volume_mounts=[agent.file("f").mount()]),
            WaitFor.file(agent.file("f")),
        ):
            assert names(web(startup_probe=gate), agent) == ["vault-agent", "web", "web-gate"]

    def test_a_gate_whose_provider_is_missing_is_an_error(self) -> None:
        """It says that it is the gate which needs it."""
        volume = Volume.empty_dir("v").provided_by("nobody")
        gate = WaitFor.command(["true"], volume_mounts=[volume.mount("/v")])
        with pytest.raises(InvalidValueError, match=r"no provider 'nobody'.*container 'web', its gate mounts v"):
            spec(web(startup_probe=gate))

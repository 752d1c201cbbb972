"""Vault Agent as a sidecar."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from sidecarlib import (
    Container,
    EnvVar,
    InvalidValueError,
    PodSpec,
    Probe,
    RenderedFile,
    Sidecar,
    VaultKubernetesAuth,
    VaultSink,
    VaultTemplate,
    VaultTls,
    Volume,
)
from tests.sidecars.vault.agents import CONFIG_FILE, TEMPLATE, URL, agent, configured, own, rendered, volumes


class TestDefaults:
    """What an address, a role and a file give."""

    def test_the_configuration_logs_in_and_renders_the_file(self) -> None:
        """It is JSON in a form that the agent reads as it is meant, with the login method in a list."""
        assert configured(agent()) == {
            "vault": {"address": URL, "retry": {"num_retries": 2147483647}},
            "auto_auth": {
                "method": [
                    {
                        "type": "kubernetes",
                        "mount_path": "auth/kubernetes",
                        "max_backoff": "10s",
                        "config": {"role": "app", "token_path": "/var/run/secrets/vault/token"},
                    }
                ]
            },
            "template_config": {"static_secret_render_interval": "5m", "exit_on_retry_failure": False},
            "template": [
                {
                    "destination": "/vault/secrets/db",
                    "contents": TEMPLATE,
                    "perms": "0644",
                    "error_on_missing_key": True,
                    "error_fatal": False,
                }
            ],
            "log_level": "info",
            "log_format": "json",
        }

    def test_the_program_is_called_past_the_entrypoint(self) -> None:
        """The entrypoint of images before 2.0.1 wants to set capabilities, and dies without them."""
        container = rendered(agent())
        assert container["image"] == "hashicorp/vault:2.0.4"
        assert container["command"] == ["vault"]
        assert container["args"] == ["agent", f"-config={CONFIG_FILE}"]
        assert container["env"] == [{"name": "HOME", "value": "/home/vault"}]
        assert not {"lifecycle", "ports", "livenessProbe"} & container.keys()

    def test_it_runs_as_the_user_and_group_of_the_images_without_privileges(self) -> None:
        """The `restricted` Pod Security Standard holds, and the group is the one that vault-k8s uses."""
        assert rendered(agent())["securityContext"] == {
            "runAsUser": 100,
            "runAsGroup": 1000,
            "runAsNonRoot": True,
            "readOnlyRootFilesystem": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        }

    def test_memory_is_limited_and_cpu_is_not(self) -> None:
        """A limit on cpu would slow the start down."""
        resources = rendered(agent())["resources"]
        assert resources == {"requests": {"cpu": "25m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}}

    def test_secrets_lie_in_memory_and_the_token_on_a_path_of_its_own(self) -> None:
        """Nothing is written to a disk, and the automounted token is not needed."""
        token = {"serviceAccountToken": {"expirationSeconds": 3600, "path": "token"}}
        assert volumes(agent()) == {
            "/vault/secrets": {"name": "vault-agent-secrets", "emptyDir": {"medium": "Memory", "sizeLimit": "16Mi"}},
            "/var/run/secrets/vault": {"name": "vault-agent-token", "projected": {"sources": [token]}},
        }

    def test_the_gate_waits_for_every_file_that_is_written(self) -> None:
        """Templates render one by one, so none of them stands for another."""
        sink = VaultSink()
        probe = rendered(agent(files={"db": TEMPLATE, "conf/app.env": TEMPLATE}, sink=sink))["startupProbe"]
        paths = ("/vault/secrets/db", "/vault/secrets/conf/app.env", "/vault/secrets/vault-token")
        tests = " && ".join(f"test -f {path}" for path in paths)
        assert probe["exec"] == {"command": ["/bin/sh", "-c", tests]}
        assert (probe["periodSeconds"], probe["failureThreshold"]) == (1, 120)

    def test_it_has_the_protocol_of_a_sidecar(self) -> None:
        """What the agent reads is in `files`, although `files=` takes what it writes."""
        sidecar = agent()
        assert isinstance(sidecar, Sidecar)
        assert list(sidecar.files) == [CONFIG_FILE]


class TestOptions:
    """What each option renders."""

    @pytest.mark.parametrize(
        ("options", "path", "value"),
        [
            ({"namespace": "team-a"}, ("vault", "namespace"), "team-a"),
            ({"max_retries": 3}, ("vault", "retry", "num_retries"), 3),
            ({"max_retries": 0}, ("vault", "retry", "num_retries"), -1),
            ({"exit_on_retry_failure": True}, ("vault", "retry"), None),
            ({"exit_on_retry_failure": True}, ("template_config", "exit_on_retry_failure"), True),
            ({"exit_on_retry_failure": True}, ("template", 0, "error_fatal"), True),
            ({"static_secret_render_interval": "30s"}, ("template_config", "static_secret_render_interval"), "30s"),
            ({"max_backoff": "1m30s"}, ("auto_auth", "method", 0, "max_backoff"), "1m30s"),
            ({"min_backoff": "2s"}, ("auto_auth", "method", 0, "min_backoff"), "2s"),
            ({"exit_on_err": True}, ("auto_auth", "method", 0, "exit_on_err"), True),
            ({"cache": True}, ("cache",), {}),
            ({"log_level": "debug"}, ("log_level",), "debug"),
            ({"log_format": "standard"}, ("log_format",), "standard"),
            ({"tls": VaultTls(server_name="vault")}, ("vault", "tls_server_name"), "vault"),
            ({"secrets_directory": "/run/own"}, ("template", 0, "destination"), "/run/own/db"),
            ({"sink": VaultSink()}, ("auto_auth", "sink", 0, "config", "path"), "/vault/secrets/vault-token"),
        ],
    )
    def test_an_option_reaches_the_configuration(
        self, options: dict[str, Any], path: tuple[Any, ...], value: Any
    ) -> None:
        """Each under the key that Vault reads."""
        found: Any = configured(agent(**options))
        for key in path:
            found = found.get(key) if isinstance(found, dict) else found[key]
        assert found == value

    def test_the_time_of_one_request_is_a_variable(self) -> None:
        """The agent has no key for it."""
        assert {"name": "VAULT_CLIENT_TIMEOUT", "value": "20s"} in rendered(agent(client_timeout="20s"))["env"]

    def test_a_login_in_place_of_the_role(self) -> None:
        """Every method can be given with its own options."""
        method = configured(agent(auth=VaultKubernetesAuth(role="other", audience="vault")))["auto_auth"]["method"][0]
        assert method["config"]["role"] == "other"

    def test_the_size_of_the_secrets_and_its_off_switch(self) -> None:
        """None leaves the size to the node."""
        found = [volumes(agent(secrets_size_limit=limit))["/vault/secrets"]["emptyDir"] for limit in ("1Mi", None)]
        assert found == [{"medium": "Memory", "sizeLimit": "1Mi"}, {"medium": "Memory"}]

    def test_the_address_may_come_from_a_variable(self) -> None:
        """A ConfigMap of the cluster can hold it."""
        variable = EnvVar.config_map("VAULT_ADDR", config_map="vault", key="address")
        sidecar = agent(address=None, extra_env=[variable])
        assert "address" not in configured(sidecar)["vault"]
        assert variable.render() in rendered(sidecar)["env"]

    def test_without_an_address_retries_are_still_read(self) -> None:
        """The agent takes a block that holds nothing but blocks for several: a list keeps it one."""
        sidecar = agent(address=None, extra_env={"VAULT_ADDR": URL})
        assert configured(sidecar)["vault"] == {"retry": [{"num_retries": 2147483647}]}

    def test_shared_options_shape_the_container(self) -> None:
        """Their names are those of every sidecar of the catalogue."""
        container = rendered(
            agent(
                name="secrets",
                image="registry.example.com/hashicorp/vault:1.21.9",
                image_pull_policy="Always",
                startup_probe=Probe.exec(["true"], within=5),
                liveness_probe=Probe.exec(["true"], period_seconds=30, failure_threshold=3),
                resources=None,
                run_as_user=None,
                extra_args=["-log-file=/tmp/x"],
                extra_env={"HOME": "/home", "HTTPS_PROXY": "http://proxy:3128"},
                extra={"terminationMessagePath": "/dev/message"},
            )
        )
        assert container["name"] == "secrets"
        assert container["image"] == "registry.example.com/hashicorp/vault:1.21.9"
        assert container["imagePullPolicy"] == "Always"
        assert container["startupProbe"]["failureThreshold"] == 5
        assert container["livenessProbe"]["periodSeconds"] == 30
        assert "resources" not in container
        assert not {"runAsUser", "runAsGroup"} & container["securityContext"].keys()
        assert container["args"][-1] == "-log-file=/tmp/x"
        assert [each["name"] for each in container["env"]] == ["HOME", "HTTPS_PROXY"]
        assert container["terminationMessagePath"] == "/dev/message"

    def test_two_agents_of_other_names_keep_their_volumes_apart(self) -> None:
        """One Pod may log in to two servers."""
        first, second = agent(name="vault-a"), agent(name="vault-b", secrets_directory="/vault/b")
        names = [{volume["name"] for volume in volumes(each).values()} for each in (first, second)]
        assert not names[0] & names[1]
        application = Container(name="app", image="app:1", volume_mounts=[*first.mounts(), *second.mounts()])
        PodSpec(containers=[application], sidecars=[first, second])

    def test_a_changed_copy_keeps_its_templates(self) -> None:
        """`dataclasses.replace` sees the files that the agent reads, and gives back what it writes."""
        template = VaultTemplate(contents=TEMPLATE, perms="0600")
        copy = dataclasses.replace(agent(files={"db": template}), role="other")
        assert configured(copy)["template"] == configured(agent(files={"db": template}))["template"]
        assert configured(copy)["auto_auth"]["method"][0]["config"]["role"] == "other"
        assert dataclasses.replace(copy, files={"x": TEMPLATE}).file("x").path == "/vault/secrets/x"

    def test_equal_options_are_equal_sidecars(self) -> None:
        """They can be keys, and compared."""
        assert agent() == agent()
        assert hash(agent()) == hash(agent())
        assert agent() != agent(files={"db": "other"})


class TestListener:
    """Vault's API for the Pod."""

    def test_it_listens_on_loopback_and_adds_the_token(self) -> None:
        """Nobody outside the Pod can use it; whoever asks without a token is answered all the same."""
        sidecar = agent(listener_port=8100)
        configuration = configured(sidecar)
        assert configuration["listener"] == [{"type": "tcp", "address": "127.0.0.1:8100", "tls_disable": True}]
        assert configuration["api_proxy"] == {"use_auto_auth_token": True}
        assert rendered(sidecar)["ports"] == [{"containerPort": 8100}]

    @pytest.mark.parametrize("mode", [False, "force"])
    def test_whose_token_is_used(self, mode: bool | str) -> None:  # noqa: FBT001 - a parameter of the test
        """As Vault's api_proxy has it."""
        configuration = configured(agent(listener_port=8100, use_auto_auth_token=mode))
        assert configuration["api_proxy"] == {"use_auto_auth_token": mode}

    def test_its_users_are_told_where_it_is(self) -> None:
        """Under the names that Vault's clients read, or others, and they start after it."""
        sidecar = agent(listener_port=8100)
        found = {variable.name: (variable.value, variable.provider) for variable in sidecar.env()}
        url = "http://127.0.0.1:8100"
        assert found == {"VAULT_ADDR": (url, "vault-agent"), "VAULT_AGENT_ADDR": (url, "vault-agent")}
        assert [variable.name for variable in sidecar.env(address="MY_VAULT", agent_address=None)] == ["MY_VAULT"]

    def test_without_one_nothing_is_told(self) -> None:
        """Users get the files alone."""
        assert agent().env() == ()

    def test_a_listener_of_extra_config_counts_too(self) -> None:
        """Its port is declared, so that a clash is found."""
        listener = {"type": "tcp", "address": "0.0.0.0:8300"}
        sidecar = agent(extra_config={"listener": [listener]})
        assert rendered(sidecar)["ports"] == [{"containerPort": 8300}]
        assert sidecar.env()[0].value == "https://127.0.0.1:8300"


class TestFiles:
    """What others get of it."""

    def test_a_file_carries_its_volume_and_its_provider(self) -> None:
        """Whoever takes it mounts the secrets read-only and starts after the agent."""
        file = agent().file("db")
        assert (file.path, file.directory, file.volume.provider) == (
            "/vault/secrets/db",
            "/vault/secrets",
            "vault-agent",
        )
        assert file.mount().read_only

    def test_a_file_that_is_none_is_an_error_which_names_those_there_are(self) -> None:
        """A misspelt name is found where it is written."""
        with pytest.raises(InvalidValueError, match=r"no file 'dd' @ 'vault-agent', file\(\): write one of 'db', 'x'"):
            agent(files={"db": TEMPLATE, "x": TEMPLATE}).file("dd")

    def test_the_token_of_a_sink_is_a_file_too(self) -> None:
        """By its destination."""
        assert agent(sink=VaultSink()).file("vault-token").path == "/vault/secrets/vault-token"

    def test_a_destination_of_its_own_is_found_by_the_name(self) -> None:
        """The name is the library's, the destination Vault's."""
        sidecar = agent(files={"db": VaultTemplate(contents=TEMPLATE, destination="conf/db.env")})
        assert sidecar.file("db").path == "/vault/secrets/conf/db.env"

    def test_users_get_all_files_read_only(self) -> None:
        """`uses=[vault]` mounts them, and orders."""
        sidecar = agent(listener_port=8100)
        pod = PodSpec(containers=[Container(name="app", image="app:1", uses=[sidecar])], sidecars=[sidecar])
        spec = pod.render("app").template["spec"]
        mount = {"name": "vault-agent-secrets", "mountPath": "/vault/secrets", "readOnly": True}
        assert spec["containers"][0]["volumeMounts"] == [mount]
        assert [each["name"] for each in spec["containers"][0]["env"]] == ["VAULT_ADDR", "VAULT_AGENT_ADDR"]

    def test_a_file_may_be_written_into_another_volume(self) -> None:
        """One that the agent mounts as well; it is then the one who provides it."""
        shared = Volume.empty_dir("conf")
        template = VaultTemplate(contents=TEMPLATE, destination="/conf/app/db.env")
        sidecar = agent(files={"db": template}, volume_mounts=[shared.mount("/conf")])
        file = sidecar.file("db")
        assert (file.path, file.directory, file.volume.name) == ("/conf/app/db.env", "/conf", "conf")
        assert file.volume.provider == "vault-agent"
        assert sidecar.mounts() == ()
        assert "/vault/secrets" not in volumes(sidecar)

    def test_the_configuration_is_one_config_map_of_the_workload(self) -> None:
        """It is a file, which no `$` in a template is expanded in."""
        sidecar = agent(files={"db": "$(HOME) $$ {{ key }}"})
        pod = PodSpec(containers=[Container(name="app", image="app:1")], sidecars=[sidecar])
        (config_map,) = pod.render("app").config_maps
        assert config_map["metadata"]["name"] == "app-vault-agent"
        assert config_map["data"] == {"config.json": sidecar.files[CONFIG_FILE]}


class TestStopping:
    """How long it may take to end."""

    def test_it_stops_at_once_by_default(self) -> None:
        """Nothing in the default configuration sleeps where SIGTERM is not heard."""
        assert agent().stops_within == 1

    @pytest.mark.parametrize(
        "options",
        [
            {"max_retries": 12},
            {"files": {"db": VaultTemplate(contents=TEMPLATE, error_fatal=True)}},
            {"files": {"db": VaultTemplate(contents=TEMPLATE, command=["/bin/reload"])}},
            {"files": {"db": VaultTemplate(contents=TEMPLATE, error_fatal=False, command=["/bin/reload"])}},
            {"files": {"db": VaultTemplate(contents=TEMPLATE, extra={"exec": {"command": ["/bin/reload"]}})}},
            {"files": {"db": VaultTemplate(contents=TEMPLATE, extra={"command": "/bin/reload"})}},
        ],
    )
    def test_what_makes_the_agent_sleep_is_counted(self, options: dict[str, Any]) -> None:
        """The template server sleeps up to 5 min between restarts, whatever signal comes."""
        assert agent(**options).stops_within == 300

    def test_an_agent_that_ends_on_failure_does_not_sleep(self) -> None:
        """Then Kubernetes does the waiting."""
        assert agent(max_retries=12, exit_on_retry_failure=True).stops_within == 1
        files = {"db": VaultTemplate(contents=TEMPLATE, command=["/bin/reload"])}
        assert agent(files=files, exit_on_retry_failure=True).stops_within == 1

    def test_a_configuration_of_ones_own_is_not_known(self) -> None:
        """Its retries and templates are the user's."""
        assert own({"template": {"destination": "/vault/secrets/x", "contents": "x"}}).stops_within is None


def test_files_of_other_sidecars_can_be_its_credentials() -> None:
    """They are mounted, and their provider starts first."""
    volume = Volume.empty_dir("ids").provided_by("minter")
    file = RenderedFile(path="/ids/token", directory="/ids", volume=volume)
    sidecar = agent(auth=VaultKubernetesAuth(role="app", token_file=file))
    assert file.mount() in sidecar.container().volume_mounts
    assert configured(sidecar)["auto_auth"]["method"][0]["config"]["token_path"] == "/ids/token"  # noqa: S105 - a path

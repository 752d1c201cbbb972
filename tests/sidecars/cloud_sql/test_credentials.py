"""Credentials, and what users add to the command line."""

from __future__ import annotations

from typing import Any

import pytest

from sidecarlib import EnvVar, RenderedFile, Volume
from tests.sidecars.cloud_sql.proxies import arguments, problems, proxy, rendered


class TestCredentials:
    """Who the proxy is."""

    def test_a_rendered_file_is_mounted_and_orders(self) -> None:
        """Nobody has to write the mount or that its provider comes first."""
        secrets = Volume.empty_dir("secrets", medium="Memory").provided_by("vault-agent")
        file = RenderedFile(path="/vault/secrets/key.json", directory="/vault/secrets", volume=secrets)
        container = proxy(credentials_file=file).container()
        assert "--credentials-file=/vault/secrets/key.json" in container.args
        assert container.volume_mounts == (file.mount(),)
        assert container.volume_mounts[0].volume.provider == "vault-agent"

    def test_a_path_lies_in_a_volume_of_the_proxy(self) -> None:
        """Such as a Secret's."""
        mount = Volume.secret("key", secret="sql-key").mount("/secrets", read_only=True)
        container = rendered(credentials_file="/secrets/key.json", volume_mounts=[mount])
        assert "--credentials-file=/secrets/key.json" in container["args"]
        assert container["volumeMounts"] == [{"name": "key", "mountPath": "/secrets", "readOnly": True}]

    def test_a_path_where_nothing_is_mounted_is_refused(self) -> None:
        """The image has no credentials: the proxy exits with 1, again and again."""
        elsewhere = Volume.empty_dir("x").mount("/secret")
        assert "nothing is mounted" in problems(credentials_file="/secrets/key.json", volume_mounts=[elsewhere])
        assert "--credentials-file=/x/y" in arguments(credentials_file="/x/y", uses=["vault-agent"])
        own = {"volumeMounts": [{"name": "x", "mountPath": "/x"}]}
        assert "--credentials-file=/x/y" in arguments(credentials_file="/x/y", extra=own)

    def test_secrets_come_by_variables(self) -> None:
        """From a Secret, so that no manifest holds them."""
        variable = EnvVar.secret("CSQL_PROXY_JSON_CREDENTIALS", secret="sql", key="key.json")
        assert rendered(extra_env=[variable])["env"] == [variable.render()]
        assert "--token=$(TOKEN)" in arguments(extra_args=["--token=$(TOKEN)"])

    @pytest.mark.parametrize(
        "options",
        [
            {"extra_args": ["--token=abc"]},
            {"extra_args": ["-t", "abc"]},
            {"extra_args": ["--json-credentials={}"]},
            {"extra_args": ["-j{}"]},
            {"extra_env": {"CSQL_PROXY_TOKEN": "abc"}},
            {"extra_env": {"CSQL_PROXY_JSON_CREDENTIALS": "{}"}},
        ],
    )
    def test_a_secret_in_the_manifest_is_refused_with_the_cure(self, options: dict[str, Any]) -> None:
        """Whoever may read the Pod could read it."""
        assert 'EnvVar.secret("CSQL_PROXY_' in problems(**options)

    def test_the_content_of_a_key_is_refused_as_a_file(self) -> None:
        """With the way to mount a Secret."""
        assert "Volume.secret" in problems(credentials_file='{"type": "service_account"}')
        assert "no absolute path" in problems(credentials_file="key.json")
        assert "no absolute path" in problems(credentials_file=3)
        assert "write '$' once" in problems(credentials_file="/a$$b")

    @pytest.mark.parametrize(
        ("names", "options", "what"),
        [
            (["TOKEN", "JSON_CREDENTIALS"], {}, "several credentials"),
            (["TOKEN"], {"credentials_file": "/x/y", "uses": ["x"]}, "several credentials"),
            (["TOKEN"], {"extra_args": ["--gcloud-auth"]}, "several credentials"),
            (["TOKEN"], {"auto_iam_authn": True}, "without a login token"),
            (["LOGIN_TOKEN"], {}, "a login token alone"),
            ([], {"extra_args": ["-g"], "auto_iam_authn": True}, "--gcloud-auth with auto_iam_authn"),
        ],
    )
    def test_credentials_that_exclude_each_other_are_refused(
        self, names: list[str], options: dict[str, Any], what: str
    ) -> None:
        """The proxy exits with 1 for each of these."""
        variables = [EnvVar.secret(f"CSQL_PROXY_{name}", secret="sql", key=name) for name in names]
        assert what in problems(extra_env=variables, **options)


class TestOwnArguments:
    """What users add."""

    @pytest.mark.parametrize(
        ("options", "what"),
        [
            ({"extra_args": ["--port=6000"]}, "write port=…"),
            ({"extra_args": ["-p", "6000"]}, "write port=…"),
            ({"extra_args": ["-il"]}, "write auto_iam_authn=…"),
            ({"extra_args": ["--http-port=1"]}, "write health_port=…"),
            ({"extra_args": ["--enable-builtin-metrics"]}, "write builtin_metrics=…"),
            ({"extra_args": ["p:r:other"]}, "write it in instances"),
            ({"extra_env": {"CSQL_PROXY_UNIX_SOCKET": "/x"}}, "write unix_socket=…"),
            ({"extra_env": {"CSQL_PROXY_INSTANCE_CONNECTION_NAME_0": "p:r:i"}}, "no effect"),
        ],
    )
    def test_what_has_an_option_is_refused_beside_it(self, options: dict[str, Any], what: str) -> None:
        """`env()`, ports and checks would not know of it."""
        assert what in problems(**options)

    def test_other_flags_and_variables_pass(self) -> None:
        """Also flags with their value in the next word."""
        found = arguments(extra_args=["--resource-exhausted-cooldown-delay", "5s", "--skip-failed-instance-config"])
        assert found[-3:] == ["--resource-exhausted-cooldown-delay", "5s", "--skip-failed-instance-config"]
        assert rendered(extra_env={"CSQL_PROXY_USER_AGENT": "x"})["env"] == [
            {"name": "CSQL_PROXY_USER_AGENT", "value": "x"}
        ]

"""The Cloud SQL Auth Proxy as a sidecar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest

from sidecarlib import (
    Container,
    EnvVar,
    InvalidValueError,
    NativeSidecar,
    PodSpec,
    Probe,
    RenderedFile,
    Resources,
    Sidecar,
    Volume,
    WaitFor,
)
from sidecarlib.manifests.pod_view import PodView
from sidecarlib.sidecars.cloud_sql.instance import CloudSqlInstance
from sidecarlib.sidecars.cloud_sql_proxy import PRODUCT, CloudSqlProxySidecar

NAME = "myproject:us-central1:mydb"
REPOSITORY = "gcr.io/cloud-sql-connectors/cloud-sql-proxy"
ALWAYS = ["--health-check", "--http-address=0.0.0.0", "--http-port=9801"]


def proxy(*instances: str | CloudSqlInstance, **options: Any) -> CloudSqlProxySidecar:
    """A proxy to the given instances, or to one."""
    return CloudSqlProxySidecar(instances or (NAME,), **options)


def rendered(*instances: str | CloudSqlInstance, **options: Any) -> dict[str, Any]:
    """The container of a proxy, as the manifest has it."""
    return proxy(*instances, **options).container().render()


def arguments(*instances: str | CloudSqlInstance, **options: Any) -> list[str]:
    """The arguments of a proxy."""
    found: list[str] = rendered(*instances, **options)["args"]
    return found


def ports(container: dict[str, Any]) -> list[int]:
    """The declared ports."""
    return [port["containerPort"] for port in container["ports"]]


def values(variables: Sequence[EnvVar]) -> dict[str, str | None]:
    """Variables with their values."""
    return {variable.name: variable.value for variable in variables}


def problems(*instances: Any, **options: Any) -> str:
    """What a proxy that is refused says."""
    with pytest.raises(InvalidValueError) as caught:
        proxy(*instances, **options)
    return str(caught.value)


class TestDefaults:
    """What one instance alone gives."""

    def test_the_port_is_written_out_and_the_health_server_listens_for_the_kubelet(self) -> None:
        """Without a port the proxy asks Google's API before it listens; on loopback the kubelet could not reach its health."""
        assert rendered()["args"] == [
            *ALWAYS,
            "--port=5432",
            "--exit-zero-on-sigterm",
            "--structured-logs",
            "--enable-builtin-metrics=false",
            NAME,
        ]

    def test_instances_may_be_given_by_keyword(self) -> None:
        """As in the documentation's first example."""
        assert CloudSqlProxySidecar(instances=[NAME]) == CloudSqlProxySidecar([NAME])

    def test_what_comes_next_waits_for_its_startup_endpoint(self) -> None:
        """Every second, for a minute, at the Pod's IP; and it is kept alive by the endpoint made for that."""
        container = rendered()
        assert container["startupProbe"] == {
            "httpGet": {"path": "/startup", "port": 9801},
            "periodSeconds": 1,
            "timeoutSeconds": 1,
            "failureThreshold": 60,
        }
        assert container["livenessProbe"]["httpGet"] == {"path": "/liveness", "port": 9801}
        assert "readinessProbe" not in container

    def test_it_has_no_hook_that_would_stop_it_under_the_application(self) -> None:
        """Kubernetes runs hooks of all containers at once, and stops a native sidecar after the application by itself."""
        assert "lifecycle" not in rendered()

    def test_it_passes_the_restricted_standard_as_the_images_own_user(self) -> None:
        """`USER 65532` of the image, a read-only root, no capabilities."""
        assert rendered()["securityContext"] == {
            "runAsUser": 65532,
            "runAsGroup": 65532,
            "runAsNonRoot": True,
            "readOnlyRootFilesystem": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        }

    def test_it_requests_cpu_and_memory_and_limits_memory_alone(self) -> None:
        """A limit on cpu would throttle every query."""
        resources = rendered()["resources"]
        assert resources["requests"].keys() == {"cpu", "memory"}
        assert resources["limits"].keys() == {"memory"}

    def test_every_port_that_it_binds_is_declared(self) -> None:
        """A clash with the application or another proxy can be found."""
        assert ports(rendered()) == [5432, 9801]

    def test_it_composes_like_any_sidecar(self) -> None:
        """It has the protocol, and its container is a native sidecar."""
        assert isinstance(proxy(), Sidecar)
        assert isinstance(proxy().container(), NativeSidecar)
        assert not proxy().files
        assert not proxy().volumes

    def test_nothing_of_it_is_on_loopback_for_the_kubelet_but_the_database(self) -> None:
        """What the product tells of hand-written containers holds for the one that it becomes."""
        view = next(iter(PodView({"containers": [rendered()]}).mains()))
        assert PRODUCT.loopback_ports(view) == {5432}


class TestInstances:
    """Several instances, and instances with options of their own."""

    def test_each_further_instance_is_one_port_above(self) -> None:
        """The proxy numbers them itself, from the port that is written."""
        container = rendered("p:r:a", "p:r:b", "p:r:c", port=6000)
        assert container["args"][-3:] == ["p:r:a", "p:r:b", "p:r:c"]
        assert "--port=6000" in container["args"]
        assert ports(container) == [6000, 6001, 6002, 9801]

    def test_an_instance_with_its_own_port_takes_no_number_away(self) -> None:
        """Measured: 6000, 7000, 6001."""
        several = proxy("p:r:a", CloudSqlInstance(name="p:r:b", port=7000), "p:r:c", port=6000)
        assert "p:r:b?port=7000" in several.container().args
        found = [values(several.env(name))["DB_PORT"] for name in ("p:r:a", "p:r:b", "p:r:c")]
        assert found == ["6000", "7000", "6001"]

    def test_no_first_port_is_written_where_every_instance_has_its_own(self) -> None:
        """It would say nothing."""
        found = arguments(
            CloudSqlInstance(name="p:r:a", port=1), CloudSqlInstance(name="p:r:b", unix_socket="/cloudsql")
        )
        assert not [argument for argument in found if argument.startswith("--port")]

    @pytest.mark.parametrize(
        ("options", "query"),
        [
            ({"port": 6432}, "port=6432"),
            ({"private_ip": True}, "private-ip=true"),
            ({"private_ip": False}, "private-ip=false"),
            ({"psc": True}, "psc=true"),
            ({"auto_iam_authn": False}, "auto-iam-authn=false"),
            ({"unix_socket": "/cloudsql"}, "unix-socket=/cloudsql"),
            ({"unix_socket": "/a b&c"}, "unix-socket=/a%20b%26c"),
            ({"port": 1, "auto_iam_authn": True, "private_ip": True}, "port=1&auto-iam-authn=true&private-ip=true"),
        ],
    )
    def test_an_instances_own_options_follow_its_name(self, options: dict[str, Any], query: str) -> None:
        """As a query, which the proxy decodes."""
        assert arguments(CloudSqlInstance(name="p:r:i", **options))[-1] == f"p:r:i?{query}"

    @pytest.mark.parametrize(
        "name", ["p:r:i", "example.com:p:r:i", "db.example.com", "1.2.us-central1.sql.goog", "$(INSTANCE)", "${a}:r:i"]
    )
    def test_connection_names_and_domain_names_are_taken(self, name: str) -> None:
        """With a domain in front of the project, as DNS names, and where a part is filled in later."""
        assert arguments(name)[-1] == name

    @pytest.mark.parametrize("name", ["mydb", "p:r", "p::i", "p:r:i:j:k", "", "p:r:i?port=1", "p r:r:i", 3, None])
    def test_what_names_no_instance_is_refused(self, name: Any) -> None:
        """The proxy would start, and fail with every connection."""
        assert "instances[0]" in problems(name)

    def test_a_query_in_a_name_is_refused_with_the_typed_form(self) -> None:
        """Its port would be unknown to `env()`."""
        assert "CloudSqlInstance(name=…, port=…)" in problems("p:r:i?port=1")

    def test_no_instance_is_refused(self) -> None:
        """The proxy prints its usage and exits."""
        with pytest.raises(InvalidValueError, match="no instance"):
            CloudSqlProxySidecar([])

    def test_a_single_text_is_refused(self) -> None:
        """Its letters are no instances."""
        with pytest.raises(InvalidValueError, match="write a list"):
            CloudSqlProxySidecar(NAME)

    def test_an_instance_twice_is_refused(self) -> None:
        """It is a slip, unless the two differ."""
        assert "written twice" in problems("p:r:i", "p:r:i")
        assert arguments("p:r:i", CloudSqlInstance(name="p:r:i", private_ip=True))[-1] == "p:r:i?private-ip=true"

    @pytest.mark.parametrize(
        ("options", "what"),
        [
            ({"name": "mydb"}, "invalid name"),
            ({"port": 0}, "port"),
            ({"port": 1, "unix_socket": "/x"}, "a port and a socket"),
            ({"unix_socket": "x"}, "no absolute path"),
            ({"private_ip": True, "psc": False}, "private_ip and psc"),
            ({"psc": "yes"}, "neither True nor False"),
        ],
    )
    def test_an_instance_that_the_proxy_would_refuse_is_refused(self, options: dict[str, Any], what: str) -> None:
        """Where it is made."""
        with pytest.raises(InvalidValueError, match=what):
            CloudSqlInstance(**{"name": "p:r:i", **options})


class TestPorts:
    """Ports that clash."""

    def test_each_can_be_moved(self) -> None:
        """So that two proxies, or a proxy and an application, fit into one Pod."""
        container = rendered(port=6000, health_port=9901, debug=True, admin_port=9902)
        assert ports(container) == [6000, 9901, 9902]
        assert {"--http-port=9901", "--debug", "--admin-port=9902"} <= set(container["args"])
        assert container["startupProbe"]["httpGet"]["port"] == 9901
        assert container["livenessProbe"] == {
            **rendered()["livenessProbe"],
            "httpGet": {"path": "/liveness", "port": 9901},
        }

    def test_a_liveness_probe_of_ones_own_stays_as_it_is(self) -> None:
        """Only the default follows the health port."""
        container = rendered(health_port=9901, liveness_probe=Probe.http("/liveness", port=9801))
        assert container["livenessProbe"]["httpGet"]["port"] == 9801

    def test_the_admin_port_is_there_with_what_it_serves(self) -> None:
        """Profiles, and the endpoint that ends the proxy; neither is on by default."""
        assert ports(rendered(extra_args=["--quitquitquit"])) == [5432, 9801, 9091]

    @pytest.mark.parametrize(
        ("instances", "options"),
        [
            (["p:r:a"], {"port": 9801}),
            (["p:r:a"], {"debug": True, "admin_port": 9801}),
            (["p:r:a", "p:r:b"], {"port": 9800}),
            (["p:r:a", CloudSqlInstance(name="p:r:b", port=5432)], {}),
            ([CloudSqlInstance(name="p:r:a", unix_socket="/x", psc=flag) for flag in (True, False)], {}),
        ],
    )
    def test_one_port_or_socket_for_two_is_refused(self, instances: list[Any], options: dict[str, Any]) -> None:
        """The second could not be bound."""
        assert "another port" in problems(*instances, **options)

    def test_a_port_beyond_the_last_is_refused(self) -> None:
        """Also when counting leads there."""
        assert "port 65536 for 'p:r:b'" in problems("p:r:a", "p:r:b", port=65535)
        assert "port" in problems(port=0)


class TestEnv:
    """What the proxy tells whoever uses it."""

    def test_the_first_instance_is_told_under_the_usual_names(self) -> None:
        """On loopback, by the address that needs no resolver."""
        assert values(proxy("p:r:a", "p:r:b").env()) == {"DB_HOST": "127.0.0.1", "DB_PORT": "5432"}

    def test_names_are_free_and_one_may_be_left_out(self) -> None:
        """PostgreSQL's clients read PGHOST and PGPORT."""
        assert values(proxy().env(host="PGHOST", port="PGPORT")) == {"PGHOST": "127.0.0.1", "PGPORT": "5432"}
        assert values(proxy().env(host=None)) == {"DB_PORT": "5432"}
        assert values(proxy().env(port=None)) == {"DB_HOST": "127.0.0.1"}

    def test_whoever_has_a_variable_starts_after_the_proxy(self) -> None:
        """The variables carry their provider."""
        assert {variable.provider for variable in proxy(name="sql").env()} == {"sql"}

    def test_a_further_instance_is_told_by_its_name_or_itself(self) -> None:
        """So that an application gets several databases under names of its own."""
        other = CloudSqlInstance(name="p:r:b", port=7000)
        several = proxy("p:r:a", other)
        assert several.env("p:r:b") == several.env(other)
        assert values(several.env(other, host=None, port="ORDERS_PORT")) == {"ORDERS_PORT": "7000"}

    @pytest.mark.parametrize("instance", ["p:r:x", CloudSqlInstance(name="p:r:a", psc=True), 3, ["p:r:a"]])
    def test_an_instance_that_is_not_there_is_refused(self, instance: Any) -> None:
        """With those that are."""
        with pytest.raises(InvalidValueError, match=re.escape("write one of 'p:r:a'")):
            proxy("p:r:a").env(instance)

    def test_a_name_that_is_there_twice_is_refused(self) -> None:
        """The value itself tells which."""
        private = CloudSqlInstance(name="p:r:a", private_ip=True)
        several = proxy("p:r:a", private)
        with pytest.raises(InvalidValueError, match="2 instances 'p:r:a'"):
            several.env("p:r:a")
        assert values(several.env(private))["DB_PORT"] == "5433"


class TestSockets:
    """Unix sockets in place of ports."""

    def test_all_instances_without_a_port_are_served_in_the_directory(self) -> None:
        """Written for each, for beside the flag for all the proxy refuses a port."""
        container = rendered("p:r:a", CloudSqlInstance(name="p:r:b", port=6000), unix_socket="/cloudsql")
        assert container["args"][-2:] == ["p:r:a?unix-socket=/cloudsql", "p:r:b?port=6000"]
        assert not [each for each in container["args"] if each.startswith(("--port", "--unix-socket"))]
        assert ports(container) == [6000, 9801]

    def test_the_directory_is_shared_through_a_volume(self) -> None:
        """The proxy writes; whoever uses it starts after it and reads."""
        sockets = proxy("p:r:a", unix_socket="/cloudsql/")
        (own,) = sockets.container().volume_mounts
        (offered,) = sockets.mounts()
        assert (own.mount_path, own.read_only) == ("/cloudsql", False)
        assert (offered.mount_path, offered.read_only) == ("/cloudsql", True)
        assert own.volume.render() == {"name": "cloud-sql-proxy-sockets", "emptyDir": {}}
        assert offered.volume.provider == "cloud-sql-proxy"

    def test_each_directory_is_a_volume(self) -> None:
        """In the order of the instances."""
        instances = [CloudSqlInstance(name=f"p:r:{name}", unix_socket=f"/{name}") for name in "aba"[:2]]
        mounts = proxy(*instances, name="sql").mounts()
        assert [(mount.volume.name, mount.mount_path) for mount in mounts] == [
            ("sql-sockets", "/a"),
            ("sql-sockets-2", "/b"),
        ]

    def test_the_path_is_told_in_place_of_the_host_and_no_port(self) -> None:
        """For PostgreSQL it is a directory, which its clients take for a host."""
        sockets = proxy("p:r:a", unix_socket="/cloudsql")
        assert values(sockets.env()) == {"DB_HOST": "/cloudsql/p:r:a"}
        assert values(sockets.env(host="DB_SOCKET")) == {"DB_SOCKET": "/cloudsql/p:r:a"}

    def test_an_application_that_uses_it_gets_variable_and_mount(self) -> None:
        """`uses=[proxy]` is all that is needed."""
        sockets = proxy("p:r:a", unix_socket="/cloudsql")
        pod = PodSpec(containers=[Container(name="app", image="app:1", uses=[sockets])], sidecars=[sockets])
        spec = pod.render("app", kind="Deployment").template["spec"]
        (app,) = spec["containers"]
        assert app["env"] == [{"name": "DB_HOST", "value": "/cloudsql/p:r:a"}]
        mount = {"name": "cloud-sql-proxy-sockets", "mountPath": "/cloudsql", "readOnly": True}
        assert app["volumeMounts"] == [mount]
        assert spec["volumes"] == [{"name": "cloud-sql-proxy-sockets", "emptyDir": {}}]

    @pytest.mark.parametrize(
        ("name", "directory", "what"),
        [
            ("p:r:a", "cloudsql", "no absolute path"),
            ("p:r:a", "/", "no directory of its own"),
            ("p:r:a", "/" + "x" * 101, "longer than 107 bytes"),
            ("$(INSTANCE)", "/cloudsql", "no path is known"),
        ],
    )
    def test_a_socket_that_cannot_be_made_or_told_is_refused(self, name: str, directory: str, what: str) -> None:
        """Linux takes 107 bytes for its path."""
        assert what in problems(name, unix_socket=directory)


class TestOptions:
    """What each option becomes."""

    @pytest.mark.parametrize(
        ("options", "flags"),
        [
            ({"private_ip": True}, ["--private-ip"]),
            ({"psc": True}, ["--psc"]),
            ({"auto_ip": True}, ["--auto-ip"]),
            ({"auto_iam_authn": True}, ["--auto-iam-authn"]),
            ({"impersonate_service_account": "a@p.example"}, ["--impersonate-service-account=a@p.example"]),
            ({"impersonate_service_account": ["a@p", "b@p"]}, ["--impersonate-service-account=a@p,b@p"]),
            ({"quota_project": "billing"}, ["--quota-project=billing"]),
            ({"quota_project": "$(PROJECT)"}, ["--quota-project=$(PROJECT)"]),
            ({"max_connections": 50}, ["--max-connections=50"]),
            ({"run_connection_test": True}, ["--run-connection-test"]),
            ({"lazy_refresh": True}, ["--lazy-refresh"]),
            ({"sqladmin_api_endpoint": "http://sql.example/"}, ["--sqladmin-api-endpoint=http://sql.example/"]),
            ({"universe_domain": "example.com"}, ["--universe-domain=example.com"]),
            ({"min_sigterm_delay": 5}, ["--min-sigterm-delay=5s"]),
            ({"max_sigterm_delay": 0}, ["--max-sigterm-delay=0s"]),
            ({"quiet": True, "debug_logs": True}, ["--quiet", "--debug-logs"]),
            ({"prometheus": True, "prometheus_namespace": "sql"}, ["--prometheus", "--prometheus-namespace=sql"]),
            (
                {
                    "telemetry_project": "p",
                    "telemetry_prefix": "x",
                    "telemetry_sample_rate": 5,
                    "disable_metrics": True,
                },
                ["--telemetry-project=p", "--telemetry-prefix=x", "--telemetry-sample-rate=5", "--disable-metrics"],
            ),
            ({"telemetry_project": "p", "disable_traces": True}, ["--telemetry-project=p", "--disable-traces"]),
            ({"extra_args": ["--user-agent=mine"]}, ["--user-agent=mine"]),
        ],
    )
    def test_an_option_is_a_flag_of_the_proxy(self, options: dict[str, Any], flags: list[str]) -> None:
        """And adds nothing else."""
        with_option, without = arguments(**options), arguments()
        assert [argument for argument in with_option if argument not in without] == flags
        assert not set(without) - set(with_option)

    @pytest.mark.parametrize(
        ("option", "flag"),
        [("exit_zero_on_sigterm", "--exit-zero-on-sigterm"), ("structured_logs", "--structured-logs")],
    )
    def test_what_is_on_can_be_turned_off(self, option: str, flag: str) -> None:
        """Every default has a switch."""
        assert flag in arguments()
        assert flag not in arguments(**{option: False})

    def test_built_in_metrics_are_off_unless_asked_for(self) -> None:
        """They delay start and stop wherever Google is out of reach."""
        assert "--enable-builtin-metrics=true" in arguments(builtin_metrics=True)

    @pytest.mark.parametrize("image", [f"{REPOSITORY}:2.26.3", f"{REPOSITORY}:2.8.0-alpine", "mirror/sql:latest"])
    def test_a_version_that_may_not_know_them_is_not_told_about_built_in_metrics(self, image: str) -> None:
        """It would print its usage and exit with 1."""
        assert not [argument for argument in arguments(image=image) if "builtin" in argument]

    @pytest.mark.parametrize(
        "image", [f"{REPOSITORY}:2.27.1", f"{REPOSITORY}:2.30", "mirror.example:5000/cloud-sql-proxy:v2.27.0-alpine"]
    )
    def test_newer_versions_and_mirrors_are_told(self, image: str) -> None:
        """The tag tells the version wherever the image is kept."""
        assert "--enable-builtin-metrics=false" in arguments(image=image)

    def test_the_shared_options_reach_the_container(self) -> None:
        """They are the same for all sidecars of the catalogue."""
        container = rendered(
            name="sql",
            image_pull_policy="Always",
            run_as_user=None,
            resources=Resources(requests={"memory": "1Gi"}),
            liveness_probe=None,
            startup_probe=Probe.tcp(port=9801),
            extra_env={"A": "b"},
            extra={"workingDir": "/home"},
        )
        assert container["name"] == "sql"
        assert container["imagePullPolicy"] == "Always"
        assert not {"runAsUser", "runAsGroup"} & container["securityContext"].keys()
        assert container["resources"] == {"requests": {"memory": "1Gi"}}
        assert "livenessProbe" not in container
        assert "tcpSocket" in container["startupProbe"]
        assert container["env"] == [{"name": "A", "value": "b"}]
        assert container["workingDir"] == "/home"

    def test_resources_can_be_left_out_and_a_gate_may_stand_behind(self) -> None:
        """None is no request and no limit; a `WaitFor` is a container of its own."""
        container = rendered(resources=None, startup_probe=WaitFor.tcp(port=5432))
        assert not {"resources", "startupProbe"} & container.keys()

    def test_a_field_that_is_set_already_is_refused_at_once(self) -> None:
        """Not when the Pod is composed."""
        assert "image is set already" in problems(extra={"image": "x"})

    @pytest.mark.parametrize(
        ("options", "what"),
        [
            ({"private_ip": True, "psc": True}, "private_ip and psc"),
            ({"private_ip": True, "auto_ip": True}, "private_ip and auto_ip"),
            ({"universe_domain": "x.example", "sqladmin_api_endpoint": "https://x"}, "leave one of the two out"),
            ({"sqladmin_api_endpoint": "sql.example"}, "write https://…"),
            ({"quota_project": "a$$b"}, "write '$' once"),
            ({"quota_project": ""}, "is empty"),
            ({"impersonate_service_account": "a@p,b@p"}, "in a list"),
            ({"impersonate_service_account": 3}, "is no list"),
            ({"prometheus_namespace": "x"}, "write prometheus=…"),
            ({"disable_traces": True}, "write telemetry_project=…"),
            ({"telemetry_prefix": "x"}, "write telemetry_project=…"),
            ({"max_connections": 0}, "max_connections"),
            ({"min_sigterm_delay": 1.5}, "min_sigterm_delay"),
            ({"lazy_refresh": 1}, "lazy_refresh"),
            ({"health_port": 70000}, "health_port"),
            ({"volume_mounts": ["x"]}, "volume_mounts[0]"),
        ],
    )
    def test_what_cannot_work_is_refused(self, options: dict[str, Any], what: str) -> None:
        """Where the proxy would exit, ignore it or do something else."""
        assert what in problems(**options)

    def test_a_way_of_an_instance_that_would_lose_is_refused(self) -> None:
        """The proxy takes the private IP without a word."""
        assert "private_ip wins over psc" in problems(CloudSqlInstance(name="p:r:i", psc=True), private_ip=True)
        assert "auto_ip and private_ip" in problems(CloudSqlInstance(name="p:r:i", private_ip=True), auto_ip=True)

    def test_all_problems_are_told_at_once(self) -> None:
        """Values, combinations and the user's own arguments in one error."""
        text = problems("mydb", port=0, private_ip=True, psc=True, extra_args=["--token=x"], image="gce-proxy:1.33")
        found = ["instances[0]", "port", "private_ip and psc", "a secret in the manifest", "version 1"]
        assert [each for each in found if each not in text] == []


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
        mount = Volume.secret("key", secret="sql-key").mount("/secrets", read_only=True)  # noqa: S106 - a Secret's name
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
        variable = EnvVar.secret("CSQL_PROXY_JSON_CREDENTIALS", secret="sql", key="key.json")  # noqa: S106 - a Secret's name
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
        variables = [EnvVar.secret(f"CSQL_PROXY_{name}", secret="sql", key=name) for name in names]  # noqa: S106 - a Secret's name
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


class TestVersions:
    """What an image does not have."""

    @pytest.mark.parametrize(
        ("version", "options", "what"),
        [
            ("2.1.0", {"auto_ip": True}, "--auto-ip"),
            ("2.1.0", {"quiet": True}, "--quiet beside --structured-logs"),
            ("2.3.0", {"run_connection_test": True}, "--run-connection-test"),
            ("2.4.0", {"psc": True}, "--psc"),
            ("2.5.0", {"exit_zero_on_sigterm": True}, "--exit-zero-on-sigterm"),
            ("2.7.2", {"startup_probe": Probe.exec(["/cloud-sql-proxy", "wait"])}, "command wait"),
            ("2.8.0", {"debug_logs": True}, "--debug-logs"),
            ("2.9.0", {"universe_domain": "example.com"}, "--universe-domain"),
            ("2.9.0", {"extra_args": ["--config-file=/x.toml"]}, "--config-file"),
            ("2.10.1", {"lazy_refresh": True}, "--lazy-refresh"),
            ("2.11.4", {"min_sigterm_delay": 1}, "--min-sigterm-delay"),
            ("2.17.1", {"extra_args": ["--skip-failed-instance-config"]}, "--skip-failed-instance-config"),
            ("2.26.3", {"builtin_metrics": True}, "--enable-builtin-metrics"),
            ("2.26.3", {"extra_args": ["--application-name=x"]}, "--application-name"),
        ],
    )
    def test_a_flag_that_an_image_does_not_know_is_refused(
        self, version: str, options: dict[str, Any], what: str
    ) -> None:
        """The proxy would print its usage and exit with 1; the default version has them all."""
        options = {"exit_zero_on_sigterm": False, **options}
        assert f"{version} has no {what}" in problems(image=f"{REPOSITORY}:{version}", **options)
        assert rendered(**options)

    def test_options_of_an_instance_that_an_image_would_ignore_are_refused(self) -> None:
        """Unknown keys of a query are skipped without a word; DNS names came with 2.15.0."""
        old = {"image": f"{REPOSITORY}:2.4.0", "exit_zero_on_sigterm": False}
        assert "2.4.0 has no psc" in problems(CloudSqlInstance(name="p:r:i", psc=True), **old)
        assert "DNS names such as 'db.example.com'" in problems("db.example.com", **old)

    @pytest.mark.parametrize("image", [REPOSITORY, f"{REPOSITORY}:latest", f"{REPOSITORY}:${{TAG}}", "mirror/sql:1.0"])
    def test_a_version_that_the_image_does_not_tell_is_left_to_the_user(self, image: str) -> None:
        """Nothing is guessed."""
        assert rendered(image=image, lazy_refresh=True)["image"] == image

    @pytest.mark.parametrize("image", ["gcr.io/cloudsql-docker/gce-proxy:1.33.1", f"{REPOSITORY}:1.33.1"])
    def test_version_1_is_refused(self, image: str) -> None:
        """Its flags are others."""
        assert "version 1" in problems(image=image)

    @pytest.mark.parametrize("tag", ["2.22.0-bullseye", "2.24.0-bookworm", "2.11.4-bookworm"])
    def test_a_variant_that_was_not_published_is_refused(self, tag: str) -> None:
        """Kubernetes would try to pull it for ever."""
        assert "there is no -" in problems(image=f"{REPOSITORY}:{tag}")

    @pytest.mark.parametrize("tag", ["2.21.3-bullseye", "2.23.0-bookworm", "2.27.0-alpine"])
    def test_a_variant_that_was_published_is_taken(self, tag: str) -> None:
        """With the flags of its version."""
        assert rendered(image=f"{REPOSITORY}:{tag}")["image"].endswith(tag)


class TestStop:
    """How long it takes to stop at worst."""

    @pytest.mark.parametrize(
        ("options", "seconds"),
        [
            ({}, 1),
            ({"builtin_metrics": True}, 4),
            ({"image": "mirror/sql:latest"}, 4),
            ({"image": f"{REPOSITORY}:2.26.3"}, 1),
            ({"min_sigterm_delay": 5, "max_sigterm_delay": 10}, 16),
            ({"telemetry_project": "p"}, 25),
            ({"telemetry_project": "p", "disable_traces": True}, 13),
        ],
    )
    def test_it_is_declared(self, options: dict[str, Any], seconds: float) -> None:
        """So that a grace period that is too short can be named."""
        assert proxy(**options).stops_within == seconds


class TestPod:
    """In a Pod."""

    def test_it_starts_after_whoever_renders_its_credentials_and_before_who_uses_it(self) -> None:
        """The order follows from what each needs."""
        secrets = Volume.empty_dir("secrets").provided_by("renderer")
        renderer = NativeSidecar(
            name="renderer",
            image="renderer:1",
            startup_probe=Probe.exec(["/ready"]),
            volume_mounts=[secrets.mount("/secrets")],
        )
        sql = proxy(credentials_file=RenderedFile(path="/secrets/key", directory="/secrets", volume=secrets))
        pod = PodSpec(containers=[Container(name="app", image="app:1", uses=[sql])], sidecars=[sql, renderer])
        spec = pod.render("app", kind="Job").template["spec"]
        assert [each["name"] for each in spec["initContainers"]] == ["renderer", "cloud-sql-proxy"]
        assert {each["name"] for each in spec["containers"][0]["env"]} == {"DB_HOST", "DB_PORT"}

    def test_two_proxies_fit_into_one_pod_once_their_ports_differ(self) -> None:
        """Each port is an option; no two of their ports have one name, of which the API server would warn."""
        first, second = proxy("p:r:a"), proxy("p:r:b", name="other", port=6432, health_port=9802)
        pod = PodSpec(containers=[Container(name="app", image="app:1", uses=[first])], sidecars=[first, second])
        containers = pod.render("app", kind="Deployment").template["spec"]["initContainers"]
        names = [port["name"] for each in containers for port in each["ports"]]
        assert names == ["csql-5432", "csql-9801", "csql-6432", "csql-9802"]

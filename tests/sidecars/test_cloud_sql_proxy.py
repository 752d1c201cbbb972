"""The Cloud SQL Auth Proxy as a sidecar."""

from __future__ import annotations

from typing import Any

import pytest

from sidecarlib import (
    CloudSqlInstance,
    CloudSqlProxySidecar,
    Container,
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
from sidecarlib.sidecars.cloud_sql_proxy import PRODUCT
from tests.sidecars.cloud_sql.proxies import ALWAYS, NAME, REPOSITORY, arguments, ports, problems, proxy, rendered


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

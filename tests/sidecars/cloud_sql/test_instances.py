"""Instances, and where each is served."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sidecarlib import CloudSqlInstance, CloudSqlProxySidecar, Container, InvalidValueError, PodSpec, Probe
from tests.sidecars.cloud_sql.proxies import NAME, arguments, ports, problems, proxy, rendered, values


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

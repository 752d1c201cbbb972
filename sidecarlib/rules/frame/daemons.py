"""Programs that are known to serve until somebody stops them, as a manifest shows them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sidecarlib.manifests.container_view import ContainerView
from sidecarlib.model.image import repository
from sidecarlib.rules.frame.shell_script import script_in

ASKS = frozenset(
    {
        "help",
        "-h",
        "-help",
        "--help",
        "version",
        "-v",
        "-V",
        "-version",
        "--version",
        "completion",
        "validate",
        "-validate",
        "--validate",
    }
)
"""Words with which every one of these programs answers and ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Daemon:
    """A program: the repositories of its images, its file names, the words with which it ends by itself, those that it needs to serve.

    `surely` is False where its configuration, which a manifest may not show, can make it end.
    """

    name: str
    repositories: tuple[str, ...]
    programs: tuple[str, ...]
    ends_with: frozenset[str] = frozenset()
    serves_with: frozenset[str] = frozenset()
    ends_with_variables: frozenset[str] = frozenset()
    surely: bool = True


DAEMONS = (
    Daemon(
        name="Cloud SQL Auth Proxy",
        repositories=("cloud-sql-connectors/cloud-sql-proxy", "cloudsql-docker/gce-proxy"),
        programs=("cloud-sql-proxy", "cloud_sql_proxy"),
        ends_with=frozenset({"wait", "shutdown"}),
    ),
    Daemon(
        name="AlloyDB Auth Proxy",
        repositories=("alloydb-connectors/alloydb-auth-proxy",),
        programs=("alloydb-auth-proxy",),
        ends_with=frozenset({"wait", "shutdown"}),
    ),
    Daemon(
        name="OpenTelemetry Collector",
        repositories=(
            "opentelemetry-collector",
            "opentelemetry-collector-contrib",
            "opentelemetry-collector-k8s",
            "opentelemetry-collector-otlp",
        ),
        programs=("otelcol", "otelcol-contrib", "otelcol-k8s", "otelcol-otlp"),
        ends_with=frozenset({"components", "featuregate", "print-config", "print-initial-config"}),
    ),
    Daemon(
        name="Vault Agent",
        repositories=("hashicorp/vault", "openbao/openbao", "vault"),
        programs=("vault", "bao"),
        serves_with=frozenset({"agent", "proxy"}),
        ends_with=frozenset({"-exit-after-auth", "-exit-after-auth=true"}),
        surely=False,
    ),
    Daemon(
        name="Envoy",
        repositories=("envoyproxy/envoy", "envoyproxy/envoy-distroless"),
        programs=("envoy",),
        ends_with=frozenset({"--hot-restart-version"}),
    ),
    Daemon(
        name="Istio's proxy",
        repositories=("istio/proxyv2",),
        programs=("pilot-agent",),
        serves_with=frozenset({"proxy"}),
    ),
    Daemon(name="oauth2-proxy", repositories=("oauth2-proxy/oauth2-proxy",), programs=("oauth2-proxy",)),
    Daemon(name="kube-rbac-proxy", repositories=("brancz/kube-rbac-proxy",), programs=("kube-rbac-proxy",)),
    Daemon(name="Dapr", repositories=("dapr/daprd", "daprio/daprd"), programs=("daprd",)),
    Daemon(
        name="git-sync",
        repositories=("git-sync/git-sync",),
        programs=("git-sync",),
        ends_with=frozenset({"--one-time", "-one-time", "--one-time=true", "-one-time=true"}),
        ends_with_variables=frozenset({"GITSYNC_ONE_TIME", "GIT_SYNC_ONE_TIME"}),
    ),
    Daemon(
        name="Fluent Bit",
        repositories=("fluent/fluent-bit",),
        programs=("fluent-bit",),
        ends_with=frozenset({"-D", "--dry-run"}),
        surely=False,
    ),
    Daemon(
        name="Fluentd",
        repositories=("fluent/fluentd",),
        programs=("fluentd",),
        ends_with=frozenset({"--dry-run"}),
        surely=False,
    ),
    Daemon(
        name="Vector",
        repositories=("timberio/vector",),
        programs=("vector",),
        ends_with=frozenset({"test", "list", "graph", "generate", "generate-schema", "vrl", "convert-config"}),
        surely=False,
    ),
    Daemon(
        name="Filebeat",
        repositories=("beats/filebeat",),
        programs=("filebeat",),
        ends_with=frozenset({"test", "setup", "export", "keystore", "modules", "--once", "-once"}),
        surely=False,
    ),
)


def daemon_in(container: ContainerView) -> Daemon | None:
    """The daemon that a container runs, None where it is none that is known, or one that was told to end by itself.

    A shell in front of it may do anything, so that it counts for nothing.
    """
    daemon = _published_in(container.image)
    if daemon is None:
        return None
    words = container.invocation
    program = container.command[0].rpartition("/")[2] if container.command else daemon.programs[0]
    if program not in daemon.programs or script_in(words) is not None:
        return None
    told = frozenset(words)
    if told & ASKS or told & daemon.ends_with or daemon.ends_with_variables & container.literal_env.keys():
        return None
    return daemon if not daemon.serves_with or daemon.serves_with & told else None


@lru_cache(maxsize=1024)
def _published_in(image: str) -> Daemon | None:
    found = repository(image)
    for daemon in DAEMONS:
        if any(found == known or found.endswith("/" + known) for known in daemon.repositories):
            return daemon
    return None

"""Why the article's Cloud SQL Pod and its production app never start, as they are written by hand.

The manifests keep what the outcome depends on (flags, probes, mounts) and change the rest. The app is a shell that sleeps;
each test names what else stands in for what.
"""

from __future__ import annotations

import re
from datetime import timedelta

from tests.cluster.article import write
from tests.cluster.backends.service_account_key import service_account_key
from tests.cluster.backends.vault_server import VaultServer
from tests.cluster.kubernetes.conditions import container_status, restarted, started
from tests.cluster.kubernetes.namespace import Namespace
from tests.cluster.kubernetes.timeline import moment

PROBED_ON_THE_DATABASE_PORT = """
apiVersion: v1
kind: Pod
metadata: {name: $name}
spec:
  initContainers:
  - name: cloud-sql-proxy
    image: $proxy
    restartPolicy: Always
    args: [--structured-logs, --token=none, --port=5432, $more_args "myproject:us-central1:mydb"]
    startupProbe: {$probe, initialDelaySeconds: 2, periodSeconds: 1, failureThreshold: 30}
  containers:
  - {name: app, image: $busybox, command: [sleep, "3600"]}
"""


def test_a_probe_on_the_proxys_database_port_never_lets_the_app_start(namespace: Namespace) -> None:
    """The proxy listens on loopback and the kubelet asks at the Pod's IP: a healthy proxy is killed when its budget is over.

    The same proxy with the same budget and a probe on its health endpoint lets the app start. A static token stands in for
    Google's identity: neither the proxy's start nor its listening needs Google.
    """
    namespace.apply(
        write(PROBED_ON_THE_DATABASE_PORT, name="article", probe="tcpSocket: {port: 5432}", more_args="")
        + "---"
        + write(
            PROBED_ON_THE_DATABASE_PORT,
            name="peer",
            probe="httpGet: {path: /startup, port: 9090}",
            more_args="--health-check, --http-address=0.0.0.0,",
        )
    )
    namespace.wait("pod/peer", started("app"), within=30)
    article = namespace.wait("pod/article", restarted("cloud-sql-proxy"), within=2 + 30 + 30)

    assert container_status(article, "app")["state"] == {"waiting": {"reason": "PodInitializing"}}
    assert container_status(article, "app")["restartCount"] == 0
    log = namespace.logs("pod/article", "cloud-sql-proxy", previous=True)
    assert "Listening on 127.0.0.1:5432" in log
    end = container_status(article, "cloud-sql-proxy")["lastState"]["terminated"]
    assert "SIGTERM" in log
    assert moment(end["finishedAt"]) - moment(end["startedAt"]) >= timedelta(seconds=30)
    refusal = f"dial tcp {article['status']['podIP']}:5432: connect: connection refused"
    assert any(refusal in each["message"] for each in namespace.events("pod/article") if each["reason"] == "Unhealthy")


PRODUCTION_APP = """
apiVersion: v1
kind: Pod
metadata: {name: production-app}
spec:
  initContainers:
  - name: vault-agent
    image: $vault
    restartPolicy: Always
    command: [vault, agent, -config=/etc/vault/config.hcl]
    startupProbe: {exec: {command: [test, -f, /secrets/db-password]}, failureThreshold: 30}$agent_mounts
  - name: cloud-sql-proxy
    image: $proxy
    restartPolicy: Always
    volumeMounts: [{name: secrets, mountPath: /secrets}]
    command: [/cloud-sql-proxy, --credentials-file=/secrets/db-credentials, $proxy_port "myproject:us-central1:mydb"]
    startupProbe: {tcpSocket: {port: 5432}, failureThreshold: 30$proxy_period}
  - name: otel-collector
    image: $collector
    restartPolicy: Always
    args: [--config=/conf/otel-config.yaml]
    startupProbe: {httpGet: {path: /, port: 13133}, failureThreshold: 30}
  containers:
  - name: app
    image: $busybox
    command: [sleep, "3600"]
    env:
    - {name: DB_HOST, value: localhost}
    - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://localhost:4318"}
  volumes:
  - {name: secrets, emptyDir: {}}
"""

AGENT_CONFIGURATION = """
apiVersion: v1
kind: ConfigMap
metadata: {name: vault-agent}
data:
  config.hcl: |
    vault { address = "$address" }
    auto_auth {
      method "kubernetes" {
        mount_path = "auth/kubernetes"
        config = { role = "app" }
      }
    }
    template {
      destination = "/secrets/db-password"
      contents    = "{{ with secret \\"secret/data/db\\" }}{{ .Data.data.password }}{{ end }}"
    }
    template {
      destination = "/secrets/db-credentials"
      contents    = "{{ with secret \\"secret/data/db\\" }}{{ .Data.data.credentials }}{{ end }}"
    }
"""


def test_the_articles_production_app_stays_in_init(namespace: Namespace) -> None:
    """The agent has neither a configuration nor the folder it should write to: it ends and is restarted, and nothing behind it ever starts."""
    namespace.apply(write(PRODUCTION_APP, agent_mounts="", proxy_port="", proxy_period=""))
    pod = namespace.wait("pod/production-app", restarted("vault-agent", times=2), within=60)

    assert container_status(pod, "vault-agent")["lastState"]["terminated"]["exitCode"] == 1
    assert "/etc/vault/config.hcl: no such file or directory" in namespace.logs(
        "pod/production-app", "vault-agent", previous=True
    )
    for waiting in ("cloud-sql-proxy", "otel-collector", "app"):
        assert container_status(pod, waiting)["state"] == {"waiting": {"reason": "PodInitializing"}}


def test_the_articles_production_app_stays_in_init_with_a_working_vault_too(namespace: Namespace) -> None:
    """With all that the agent lacks, the proxy is the next to hang: it reads the agent's credentials, listens on loopback and is killed.

    The Vault server and its agent are real. Two things differ from the article: `--port`, which stands in for an answer of
    Google's API, and a probe each second, which shortens the proxy's budget from 300 s to 30 s.
    """
    vault = VaultServer(namespace)
    vault.allow("app")
    vault.put("db", {"password": "sesame", "credentials": service_account_key()})
    mounts = "[{name: secrets, mountPath: /secrets}, {name: vault-agent, mountPath: /etc/vault}]"
    pod = write(
        PRODUCTION_APP + "  - {name: vault-agent, configMap: {name: vault-agent}}\n",
        agent_mounts=f"\n    volumeMounts: {mounts}",
        proxy_port="--port=5432,",
        proxy_period=", periodSeconds: 1",
    )
    namespace.apply(write(AGENT_CONFIGURATION, address=vault.address) + "---" + pod)
    found = namespace.wait("pod/production-app", restarted("cloud-sql-proxy"), within=90)

    assert container_status(found, "vault-agent")["started"] is True
    proxy = namespace.logs("pod/production-app", "cloud-sql-proxy", previous=True)
    assert re.search(r"credentials file.*\n(.*\n)*.*Listening on 127\.0\.0\.1:5432", proxy)
    for waiting in ("otel-collector", "app"):
        assert container_status(found, waiting)["state"] == {"waiting": {"reason": "PodInitializing"}}

"""A backend that has hung: it accepts every connection and never answers.

It stands in for every black hole. A sender notices nothing but its own timeout in both: here, and where packets get lost
on the way (measured: a collector takes equally long to stop in front of either).
"""

from __future__ import annotations

from tests.cluster.backends.backend_pod import start_backend
from tests.cluster.images import BUSYBOX
from tests.cluster.kubernetes.namespace import Namespace

PORTS = (4317, 4318)

# Builds of busybox spell "keep listening" in two ways, and know only one of them.
LISTEN = "(nc -lk -p {0} -e sleep 86400 || nc -ll -p {0} -e sleep 86400) & "


def start_silent_backend(namespace: Namespace, name: str = "silent") -> str:
    """Starts it on the OTLP ports, 4317 and 4318; returns its IP."""
    return start_backend(
        namespace,
        name,
        user=65534,
        image=BUSYBOX,
        command=["sh", "-c", "".join(LISTEN.format(port) for port in PORTS) + "wait"],
        # not a readiness probe, which would leave a connection behind every second
        startupProbe={"tcpSocket": {"port": PORTS[-1]}, "periodSeconds": 1, "failureThreshold": 30},
    )

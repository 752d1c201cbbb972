"""What the OpenTelemetry collector's configuration is made of, and what can be read from one.

Belongs here: pipelines, exporters and when they stop, listeners, and what a configuration takes from its container. The
sidecar itself is `sidecars/otel_collector.py`.
"""

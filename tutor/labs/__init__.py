"""Labs: private, real django-q2 clusters, one for each run, recorded while they run at full speed.

`host` runs in the site's process: a `LabHost` opens a `Lab` for a `LabSpec`, and the lab yields the observations of its
processes. `inside` runs in the labs. `plain` is a project without a lab, for comparison. A lab never waits for a
person, and none of its processes and files outlive its run or its host.
"""

"""Labs: private, real django-q2 clusters, one a run, recorded as they run at full speed.

`host.LabHost` is the one door: it opens a lab for a `spec.LabSpec` and gives out what its processes observe. The other
modules run in the fork server and inside the labs. The package imports nothing of the site, and inside a lab nothing of
the site can be imported; it never waits for a person, and nothing of a lab outlives its run or its host.
"""

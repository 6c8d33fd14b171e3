"""Labs: private, real django-q2 clusters, one for each run, recorded while they run at full speed.

`host` runs in the site's process: a `LabHost` opens a lab for a `LabSpec` and yields what the lab's processes observe.
`inside` runs in the labs, and `plain` is a project without a lab, to compare with. A lab never waits for a person, and
nothing of it outlives its run or its host.
"""

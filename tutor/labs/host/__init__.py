"""The host of labs: the part that runs in the site's process.

`lab_host.LabHost` opens a `lab.Lab` for each run. A lab is a fork of a template (`template_pool`, `template_client`),
which the fork server (`fork_server_client`) has started for the lab's configuration. A `Lab` reads what its processes
send (`inbox`), answers them at breakpoints (`breakpoints`, `subjects`), measures them against their limits (`usage`)
and decides when the run is complete (`completion`, with `work`, `loss` and `idle_check`).

No process or folder of a lab outlives its run or its host (`sweep`). The package never waits for a person, and knows
nothing about lessons, runs and pages.
"""

"""What the processes of a lab observe with: the probe and what makes events of lines, values, rows, output and deaths.

None of it belongs to one kind of process. It changes nothing of what a program or a task does, except that it takes
time.
"""

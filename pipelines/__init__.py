"""When and how work runs: Dagster definitions, jobs, schedules, sensors, the command line, set-up.

Belongs here: wiring, and the only call that sets Django up. Does not belong here: any rule about evidence, drafts,
pages or people; those live in the room that owns them.
"""

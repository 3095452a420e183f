"""What is produced: one thin Dagster asset module a stage, with its checks.

Belongs here: calling the function of the room that owns a stage, and reporting metadata an operator wants to see. Does
not belong here: logic.
"""

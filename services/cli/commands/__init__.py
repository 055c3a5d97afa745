"""The groups of the `handbill` command, one module a group: arguments and printing only. What they do is one level up.

Each module is imported at every start, so it imports what a command needs inside the command.
"""

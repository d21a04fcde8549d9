"""For those who look after all cases: what a program watches, the list of all cases, ladders, and how to step in.

Nothing here reads what is above class C1.
"""

"""The verbs: each takes (uow, actor, …), loads, authorises, checks and acts, and never commits (DESIGN.md 4)."""

"""Cases: lists, pages, explanations, entries in panels, the parties' own door."""

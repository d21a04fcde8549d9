"""What becomes of an approved change: definitions, live deadline rules, calendars."""

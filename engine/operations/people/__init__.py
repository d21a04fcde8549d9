"""Accounts, persons, memberships, walls, absences: who is who and what they may."""

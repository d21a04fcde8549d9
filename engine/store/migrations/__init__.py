"""Migrations: each goes up and down, and never imports the tables, which are those of today."""

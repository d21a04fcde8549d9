"""Figures as they are read: words for their numbers, files that people take along."""

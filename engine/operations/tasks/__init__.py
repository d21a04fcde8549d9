"""User tasks: lists, claims, drafts, files, completion."""

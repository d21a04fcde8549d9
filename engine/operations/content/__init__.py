"""What was written down: records, panels and their entries, drafts, files."""

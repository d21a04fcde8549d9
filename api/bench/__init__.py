"""`parley bench`: figures of this machine, beside what they are measured against."""

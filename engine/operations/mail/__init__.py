"""Mail: the outbox, its links and what went out."""

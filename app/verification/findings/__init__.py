"""What does each fact of an examination lead to? Rules reject, signals refer, and nothing rejects on a poor picture."""

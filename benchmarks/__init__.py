"""How fast is it, as a share of what the machine can do? `make bench` prints one table; nothing here is a test."""

"""The rules of authenticators and log-ins, kept by plain calls."""

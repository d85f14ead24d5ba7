"""Hufu: identity verification and authentication for banks."""

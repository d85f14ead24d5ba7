"""Tests of the drawn documents."""

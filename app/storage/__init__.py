"""Rows in, domain values out. Only this floor speaks SQL."""

"""Tests of what stands outside the process, and of keys."""

"""Tests of the rules of tokens, grants and clients."""

"""The words every floor shares; imports nothing of ours."""

"""Is this the face on the document? Quality and comparison of faces."""

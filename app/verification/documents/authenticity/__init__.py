"""Is the document shown the document issued? Signals that refer to a person: only rules reject.

Each file is a family of attack instruments; each function takes figures from pixels and judges nothing. All of them were
set on drawn cards: they show that the plumbing holds, not how many forgeries of real cards they catch.
"""

"""What does the document say, and can it be so? One file per kind of document."""

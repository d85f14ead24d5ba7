"""What must hold of the project besides its tests? One question per file; `make check` asks them all."""

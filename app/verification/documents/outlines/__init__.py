"""Where in a photograph do documents lie? Outlines by edges and lines, their shape, their places by what they print."""

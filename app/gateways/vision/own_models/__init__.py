"""A bank's own models of faces: what their manifests say, and how they are run."""

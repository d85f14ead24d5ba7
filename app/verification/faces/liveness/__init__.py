"""Is somebody there, now, doing what was asked? The challenge, what its frames show, and the judgement (ISO/IEC 30107-3)."""

"""Pixels to facts: OCR and face models behind a bounded pool of processes that hold no secret."""

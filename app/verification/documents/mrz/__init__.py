"""What does a machine-readable zone say, and what can its digits not see? ICAO Doc 9303 parts 3-7, R54-R73.

`reading.read` takes what OCR saw and never trusts it: state and corrections come with every value. `finding` knows
the zone among all text of a picture, `printed` compares it with the page, `composing` writes zones for specimens.
"""

"""The screens: rendered here, in Chinese and English, without a line of inline script or style."""

"""The size of a film [px], for those who show one and don't draw."""

WIDTH, PICTURE, CAPTION = 480, 360, 56
HEIGHT = PICTURE + CAPTION

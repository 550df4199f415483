"""Embedded GUIs: pages, widgets, raster, hit regions; and the lettering and pictograms that faces share."""

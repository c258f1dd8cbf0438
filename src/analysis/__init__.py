"""Reported Figures: from raw news articles to tidy tables of who reported which number."""

__version__ = "0.1.0"

"""Scoring against gold: the definitions of the gold's own scorers, written as pure functions over rows.

``figures`` and ``events`` score one table against annotated articles, ``collections`` scores comparisons, origins and
copies of a constructed collection. Every score can be given with a bootstrap interval over articles.
"""

"""The output formats: each renders the same page model.

Most of them say how a page looks in a file that is a series of pages; ``series`` writes several
such files in one pass, ``registry`` knows all of them. ``bundle`` packs results, ``manifest`` lists
them. ``searchable`` works on the documents themselves and is imported by the sandboxed child alone.
"""

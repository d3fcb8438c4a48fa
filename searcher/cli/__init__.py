"""The commands `search` and `searcher`: strings in, strings out."""

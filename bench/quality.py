"""How good is what is made of pages? Every figure, with the peers' beside it, in one run: make quality

Runs the benches below, one after the other; each keeps its tables in bench/results/. What has been reached is
pinned in tests/floors.json: tests/test_quality.py fails where a figure drops.
About half an hour on two cores.
"""

from __future__ import annotations

import chrome
import cleaning
import copies
import furniture
import like
import metadata
import names
import quotes
import stories

if __name__ == "__main__":
    for part in (cleaning, chrome, furniture, metadata, names, quotes, copies, stories, like):
        part.main()

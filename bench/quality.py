"""How good are cleaning and metadata? Every figure, with the peers' beside it, in one run: make quality

Runs bench/cleaning.py, chrome.py, furniture.py, metadata.py and names.py, one after the other; each keeps its
tables in bench/results/. What has been reached is pinned in tests/floors.json: tests/test_quality.py fails where a
figure drops.
About ten minutes on two cores.
"""

from __future__ import annotations

import chrome
import cleaning
import furniture
import metadata
import names

if __name__ == "__main__":
    for part in (cleaning, chrome, furniture, metadata, names):
        part.main()

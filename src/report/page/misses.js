// misses

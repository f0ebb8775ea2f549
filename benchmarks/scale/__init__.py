"""How searching, building, memory and opening grow with the rows of an index: `python -m benchmarks.scale`.

rows       real vectors -> as many like them as are wanted, and questions about them
ask        a process of its own that opens an index and asks it
measure    one size -> the figures of exact search and of the inverted file
plot       the figures as a file
"""

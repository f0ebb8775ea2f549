"""Speed, as ratios within one run: `python -m benchmarks.speed`. Nothing is asserted.

start        fresh processes of the command, beside the import of sentence-transformers; what an ask is made of
question     a warm question, beside one bare pass of the model; what it is made of
throughput   many clients at once, and whether each is answered as it would be alone
encoding     texts a second, beside the bare model at its best
build        an index from nothing, with nothing changed, with one entry changed, at growing sizes

given        what a run is given, and the texts that it uses
times        calls in turn -> percentiles, ratios, growth
parts        functions watched from outside -> what each takes of something larger
processes    a command -> a fresh process, its seconds and its peak memory
launch       started by `processes`: the small process that starts and measures another
stages       started by `start`: an ask, step by step
building     rows -> what each kind of build of them takes
indexing     started by `building`: `citewell index`, watched
bare         the exported model and nothing around it
plot         figures as files
"""

"""entry -> index: passages and views, encoded, stored as a generation, searched. Knows faiss and the encoder.

records     what is embedded, what a search returns, what a generation is made of
sentences   text -> sentences, as spans
passages    entry -> passages (where the words stand) and views (what is encoded)

encoder     texts -> unit vectors, by a sentence-transformers model that is found and verified here
export      a model -> an ONNX graph, checked against the original
runtime     an exported model on disk: checked, loaded, run by onnxruntime
original    a model as sentence-transformers runs it, with torch: to be exported, or because it can not be
adapter     a linear map that draws the texts of one entry together

vectors     the vectors of all views, compared exactly; with cells, the only module that knows faiss
cells       the inverted file of a large index, and a trial of what it finds
words       the words of each view, read once
keywords    BM25 over the same views
asked       a question's words and the rows that have them -> scores, and the best rows
tally       how often each word is written
spelling    a question's misspelt words -> the words of the index that were meant
synonyms    what people say -> beside it what the pages say; all else with its spelling corrected
families    entries that give the same answer to like questions

arrays      arrays on disk, mapped into memory
table       records on disk, read by their number
texts       all texts that have a vector
captures    the texts of the pages, of which a piece is read without the rest
lookup      a text -> where it stands, without reading the others
wordlist    a sorted list of words, searched where it lies

material    what an index is made from, and its fingerprint
reuse       what an older generation has of it, so that it is not made again
assemble    material -> the files of a generation
build       a new generation, prepared and published
store       a generation on disk, checked when opened
publish     written aside, put in place in one step, and taken back
verify      every file of it read again
reader      a generation -> everything that answering needs, opened
search      question -> hits with their evidence
folds       an index as it would be had it not learned from some of its own texts
errors      what can be wrong with an index on disk
"""

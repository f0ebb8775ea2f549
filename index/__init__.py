"""entry -> index: passages and views, encoded, stored as a generation, searched. Knows faiss and the encoder.

records     what is embedded, what a search returns, what a generation is made of
sentences   text -> sentences, as spans
passages    entries -> passages (where the words stand) and views (what is encoded)
encoder     texts -> unit vectors, by a sentence-transformers model that is found and verified here
export      a model -> an ONNX graph, checked against the original
runtime     an exported model on disk: checked, loaded, run by onnxruntime
original    a model as sentence-transformers runs it, with torch: to be exported, or because it can not be
vectors     the only module that knows faiss
arrays      arrays on disk, mapped into memory
wordlist    a sorted list of words, searched where it lies
words       the words of each view, read once
keywords    BM25 over the same views
asked       a question's words and the rows that have them -> scores, and the best rows
tally       how often each word is written
spelling    a question's misspelt words -> the words of the index that were meant
families    entries that give the same answer to like questions
adapter     a linear map that draws the texts of one entry together
store       a generation on disk, checked when opened
publish     written aside, put in place in one step, and taken back
build       entries -> a new generation; what did not change is not encoded again
search      question -> hits with their evidence
folds       an index as it would be had it not learned from some of its own texts
errors      what can be wrong with an index on disk
"""

"""Public test sets, in one command: Citewell beside BM25 alone and the encoder alone, measured in the same run.

records     what is measured
data        where the sets lie, and how they become questions and an index
baselines   question -> entries, by one score alone or two added up
retrieval   an index and questions -> which entry comes first, by Citewell and by each baseline
refusal     what was asked -> how well what can not be answered is told apart
duplicates  the same pages at two times -> which copies are found again
html_faq    real FAQ pages -> which questions are found, and whether their answers are whole
articles    news pages -> how much of their text the prose passages hold, beside trafilatura
tables      figures -> what is printed
"""

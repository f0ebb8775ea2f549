"""What people could not find: their questions, kept only where a corpus says so, and what a maintainer does with them.

The rules of privacy: nothing is kept unless ``[questions] log = true``; what is kept is redacted before it is written,
so that no file, no log and no export ever has the words themselves; a question has no asker; what is older than
``keep_days`` is deleted so that no file still has its bytes; feedback is an explicit act, and kept without its question
where questions are not. Names can not be recognised: who keeps questions says so to those who ask.

records     what was asked, what was thought of the answer, the gaps, what was decided
store       questions.db: opened for one step and closed, and nothing left of what was deleted
log         questions and feedback -> questions.db
upkeep      what is too old, out of it
known       what stands in the corpus already
read        questions.db -> wordings that were not answered, and figures
clusters    such wordings -> gaps, the most frequent first
decisions   what a maintainer decides -> rows of the corpus
exports     gaps -> CSV
"""

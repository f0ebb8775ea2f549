"""question -> cited answer, clarification or refusal; evaluation, the command line and the app.

records     the three outcomes and what they carry
answer      a question's way to its outcome, on one screen
scope       which part of the corpus a question is put to
followup    whether a question goes on from the one before, and the topic that it then carries
pins        which words a maintainer has pinned to a question
quotes      which words of the best entry are the short answer
context     what quoted words need around them: what they refer to, their list
views       what stands behind an entry's score, and how near it comes to a question
citations   the only place that makes a citation
features    a search -> what speaks for and against its hits
examples    an index -> examples to learn refusal from
refusal     how sure is sure enough: what is learned from the examples, and the thresholds
provenance  whose quoted words are, from when, and what to mind with pages as old
sharing     an answer -> plain text and Markdown to pass on
transcript  the questions of a visit -> Markdown and CSV
contract    outcomes -> the JSON that scripts depend on
explain     a question -> why its outcome came about
testset     the questions of a test set, and what became of each
drafts      an index -> a first draft of its test set
figures     values -> figures with intervals
retrieval   rankings -> hit, reciprocal rank and the like
evaluation  a test set -> all figures of a run
calibration how far the confidence is from the share that is right
risk        how much is answered, and how much of it wrongly, at every threshold
runs        evaluations that are kept beside the index
compare     two runs -> what changed, question by question
rehearsal   a new index beside the current one on the test set -> whether it would be worse
last_change the generation that answers and the one before -> what changed
plots       figures -> plots
report*     figures, and what changed -> an HTML page with plots
wordings    a corpus and its index -> the wordings and unanswered questions there, and where there is room for more
worksheet   room for texts <-> a worksheet for a person
spreadsheets  texts as cells that no spreadsheet runs
trial       where a text leads, left out of its own search
intake      what a person or a model wrote -> rows of the two files
review      which rows need a decision
prompts     what a language model is asked, and its reply
endpoint    the language model, while a corpus is made and never later
home        where the index lives
signin      who may see the maintainers' pages
console*    what the commands say to a person at a terminal
cli*        the commands: cli_build has those that change what answers, cli_evaluate those that measure and explain,
            cli_expand those that add wordings, cli_questions the one that deletes what people asked
gaps        what people could not find: a package of its own
redaction   personal data, out of a text: a package of its own
app*        the Streamlit app; the only modules that know Streamlit
"""

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
text        texts made safe for labels and lines, days and numbers in words
markup      text -> HTML: the only place that makes it
provenance  whose quoted words are, from when, and what to mind with pages as old
sharing     an answer -> plain text and Markdown to pass on
catalogue   an index -> what its lists of entries and pages are made of
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
transparency*  an index and its last run -> the algorithmic transparency record
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
limits      how often one may, and who counts as one
console*    what the commands say to a person at a terminal
cli*        the commands: cli_build has the one that makes the index from captures, cli_index those that put one in
            place, check it and go back, cli_evaluate those that measure and explain, cli_expand those that add
            wordings, cli_questions the one that deletes what people asked, cli_transparency the one that writes the
            transparency record
gaps        what people could not find: a package of its own
redaction   personal data, out of a text: a package of its own

The Streamlit app; no other modules know Streamlit:

app             its frame: navigation, the shared index, what is shown when something fails
app_server      the server that runs it
app_guard       before it: what is let in, and what browsers are told
app_crowd       before it: how many readers at once
app_messages    before it: what their pages may say, and how fast
app_socket      below it: how a socket is spoken on, and when it is cut off
app_start       starts Streamlit with these sockets
app_library     the index that all readers share
app_links       links between its pages and out of it
app_style       how its own HTML looks
app_companion   announcing, going to a result, copying, printing, lists to pick from
app_table       tables, and expanders that are filled once they are open
app_pages       a long list, page by page
app_trouble     no index, or something failed: what happened, and the next step
app_ask         the Ask page
app_scope       which pages a question is put to
app_outcomes    an answer, a clarification, a refusal
app_choices     ways on from an outcome
app_reasons     why an outcome came about
app_entry       an entry: its whole answer, and where it was published; links to several
app_paper       an answer as it is printed
app_feedback    whether an answer helped
app_visit       what a reader has asked in this visit
app_browse      the Browse page
app_sources     the Sources page
app_rebuild     on it: what the last rebuild changed
app_picture     on it: which entry was found on which page
app_capture     a stored page, with the quote marked in it
app_signin      the gate of the maintainers' pages
app_quality     the Quality page
app_measure     on it: measuring
app_quality_run on it: a kept run
app_plots       on it: the plots of a run
app_failures    on it: what went wrong
app_explanation on it: why a question goes as it goes
app_gaps        the Gaps page
app_gaps_figures  on it: figures by week, and feedback
app_gaps_form   on it: the form below a gap
app_gaps_result on it: what came of a decision
"""

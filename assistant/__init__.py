"""question -> cited answer, clarification or refusal; evaluation, the command line and the app.

records     the three outcomes and what they carry
answer      a question's way to its outcome, on one screen
quotes      which words of the best entry are the short answer
citations   the only place that makes a citation
refusal     how sure is sure enough: features, calibration, thresholds
contract    outcomes -> the JSON that scripts depend on
explain     a question -> why its outcome came about
testset     the questions of a test set, and what became of each
drafts      an index -> a first draft of its test set
figures     values -> figures with intervals
evaluation  a test set -> all figures of a run
calibration how far the confidence is from the share that is right
risk        how much is answered, and how much of it wrongly, at every threshold
compare     two runs -> what changed, question by question
plots       figures -> plots
report*     figures, and what changed -> an HTML page with plots
home        where the index lives
console*    what the commands say to a person at a terminal
cli*        the commands; those that measure and explain are in cli_evaluate
app*        the Streamlit app; the only modules that know Streamlit
"""

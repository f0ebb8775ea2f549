"""question -> cited answer, clarification or refusal; evaluation, the command line and the app.

records     the three outcomes and what they carry
answer      a question's way to its outcome, on one screen
quotes      which words of the best entry are the short answer
citations   the only place that makes a citation
refusal     how sure is sure enough: features, calibration, thresholds
contract    outcomes -> the JSON that scripts depend on
evaluation  a test set -> figures with intervals
risk        how much is answered, and how much of it wrongly, at every threshold
plots       figures -> plots
report      figures -> an HTML page with plots
home        where the index lives
bench       a corpus and its index side by side: what stands in its files, and where there is room
worksheet   slots <-> a worksheet for a person
trial       where a text leads, left out of its own search
intake      what a person or a model wrote -> rows of the two files
review      which rows need a decision
prompts     what a language model is asked, and its reply
endpoint    the language model, while a corpus is made and never later
console     what the commands say to a person at a terminal
cli         the commands; cli_expand those that add to the two files, console_bench what they say
app*        the Streamlit app; the only modules that know Streamlit
"""

"""question -> cited answer, clarification or refusal; evaluation, the command line and the app.

records     the three outcomes and what they carry
answer      a question's way to its outcome, on one screen
quotes      which words of the best entry are the short answer
context     what quoted words need around them: what they refer to, their list
citations   the only place that makes a citation
refusal     how sure is sure enough: features, calibration, thresholds
contract    outcomes -> the JSON that scripts depend on
evaluation  a test set -> figures with intervals
risk        how much is answered, and how much of it wrongly, at every threshold
plots       figures -> plots
report      figures -> an HTML page with plots
home        where the index lives
console     what the commands say to a person at a terminal
cli         the commands
app*        the Streamlit app; the only modules that know Streamlit
"""

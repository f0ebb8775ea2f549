"""What each piece of retrieval and refusal is worth: the product as shipped, and with one thing changed.

sets        a set's material and questions -> its index, as shipped or built otherwise
ranking     an index and questions -> hits, and hits put into another order
removed     the pieces that are there: each taken out or done in another way
tried       the pieces that are not: each put in
tokens      late interaction over the token states of the same model
weights     weights of the four measures, learned on alternates that are left out
refusal     the confidence with less to go by
curves      fewer alternates, fewer unanswered questions
plot        the learning curves as a file
page        figures -> docs/ablation.md
"""

"""Personal data in a text -> a plain word in brackets, wherever a text is kept, passed on or put into a log.

redact      the way of a text, and what is found and what is not: the one public verb
fold        a text as rules look at it, and without the numbers that belong to nobody
rules       what a rule is, and what rules are made of
numbers     numbers of papers, plates and telephones, and those too long to be anything else
bank        cards, accounts, sort codes
dates       dates of birth
secrets     passwords, keys, tokens, and links that carry them
whereabouts addresses: e-mail, network, house
"""

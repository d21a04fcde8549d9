"""The domain-neutral engine: procedures drawn as BPMN, run, explained and audited.

Nothing in here imports the web or knows a word of the programs that use it; those words are data in a pack.
"""

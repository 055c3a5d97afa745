"""The guides: each transaction set as text, one page each; `grammar` explains the notation and parses it."""

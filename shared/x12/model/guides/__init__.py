"""The guides: each transaction set as text, one page each; `grammar` says how to read it and parses it."""

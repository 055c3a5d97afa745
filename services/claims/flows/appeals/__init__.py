"""Appeals: open one, edit its letter, send it, record its outcome, press the payer, withdraw it; the packet."""

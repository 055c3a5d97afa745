"""Appeals: levels and their days, what an appeal may do when, the letter by cause, the packet, who is asked next."""

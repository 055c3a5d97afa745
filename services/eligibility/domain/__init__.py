"""The pure rules of eligibility: what is asked, how an answer is read, what a rejection asks for, what comes next."""

"""Text functions for several stages: encodings, folding, dates, addresses, sentences, and sanitisers. Pure."""

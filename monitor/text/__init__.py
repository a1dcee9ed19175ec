"""What several stages need of text: encodings, folding, dates, addresses, sentences, a sanitiser per sink. Pure."""

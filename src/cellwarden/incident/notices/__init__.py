"""What people are told: who, under which class, in which words, by which law, and how it reached them."""

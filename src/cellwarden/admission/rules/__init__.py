"""The rules, by what they look at. Each judges one thing and explains itself."""

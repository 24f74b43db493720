"""Who was on an accused cell, when, and what crossed readable: graded evidence, never a flag."""

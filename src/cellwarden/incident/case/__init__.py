"""The case: what happened, who knew it when, who decided what, and which act needs a second person."""

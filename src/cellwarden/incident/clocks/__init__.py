"""Legal clocks: which act starts them, when they are due, what their notice must say, and why one was late."""

"""What was stolen through the exposure: payments, and later complaints, logins and tips."""

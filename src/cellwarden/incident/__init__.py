"""What people are told: the investigation report, in Korean and English, as HTML and PDF."""

"""Which pages has the window? For everybody, the applicant, the owner office, the administrator."""

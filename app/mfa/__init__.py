"""Is the claimant the subscriber? Authenticators and log-in, SP 800-63B. Pure rules over frozen values."""

"""Is the applicant who they claim to be? Identity proofing, SP 800-63A. Pure rules over frozen values."""

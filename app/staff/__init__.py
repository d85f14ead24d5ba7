"""Who may do what at the bank? Roles, proposals and approvals, four eyes. Pure rules over frozen values."""

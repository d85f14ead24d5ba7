"""What may a relying party rely on? Tokens, claims and grants, SP 800-63C, OAuth, OpenID Connect. Pure rules."""

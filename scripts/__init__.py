"""Commands of the project; nothing else imports them."""

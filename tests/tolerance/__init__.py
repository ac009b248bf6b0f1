"""What a vendor adds or garbles: the clients take it, and show what came."""

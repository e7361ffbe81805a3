"""Documents: what is read, what is proposed, what is kept, and what is refused."""

"""The knowledge base: what is kept, and the jobs done with it. Knows SQLAlchemy; knows no HTTP."""

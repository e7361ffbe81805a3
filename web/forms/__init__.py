"""What people write in pages: one form a module, each field checked here, each mistake said in one French sentence."""

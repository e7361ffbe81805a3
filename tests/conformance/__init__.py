"""What every search engine must do."""

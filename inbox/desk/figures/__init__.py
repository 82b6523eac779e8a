"""The owner's figures: what they are, read from one view each, drawn and downloaded."""

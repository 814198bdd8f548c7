"""Commands of every day: a run, its status, the UI, and synthetic exports for a first look."""

"""Commands for who keeps an installation running: backup, preparation, diagnosis, repair, and completion."""

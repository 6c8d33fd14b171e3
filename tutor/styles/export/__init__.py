"""Export: a finished run as files that stay complete without the site. None of them contains a question or its key."""

"""Every way in: command line, REST, pages, scheduler. Kept free of imports so that set-up can run before anything is installed."""

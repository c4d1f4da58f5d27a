"""The app's components. Pages arrange them; `service` alone calls the core, through `mtaa.api`."""

"""The app's components. Pages arrange them; `service` alone has images judged, all through `mtaa.api`."""

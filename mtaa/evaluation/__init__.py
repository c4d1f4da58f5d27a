"""How right a network is: predictions, figures with intervals, calibration, records, tables. Import modules by name."""

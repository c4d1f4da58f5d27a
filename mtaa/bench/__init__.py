"""Speed and outcome of our attacks beside the toolboxes', in one process on one machine."""

"""Files of a folder -> captures: which there are (``walk``), and one module for each type that is not text itself."""

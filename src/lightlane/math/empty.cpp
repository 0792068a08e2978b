// Replaced by the first real unit of this floor.

"""Who write and release letter types: two administrators of the regency, by their names."""

FIRST, SECOND = "admin-kabupaten", "admin-kedua"

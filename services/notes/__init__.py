"""The notes service: treatment notes, written until they are signed and never changed after."""

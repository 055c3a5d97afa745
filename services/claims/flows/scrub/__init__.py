"""From a note and a coverage to a scrubbed claim: scrubber input, lines, findings, expected payment; rule replay."""

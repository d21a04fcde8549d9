"""From a change to running cases: compare, publish, rehearse, migrate."""

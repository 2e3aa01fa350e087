package io.prokura.simulation;

import io.prokura.json.Json;

/// An entry as it stands in the database. Its serial number is its place in time.
record Entry(long place, String id, String about, String type, Json.Obj facts) {}

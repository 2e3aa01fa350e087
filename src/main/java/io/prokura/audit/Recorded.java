package io.prokura.audit;

import io.prokura.json.Json;
import io.prokura.kernel.Id;
import java.time.Instant;

/// One entry as it is read back: the facts of its leaf, people under their pseudonyms, and in
/// `opened` the texts of its sealed fields, as far as they have not been forgotten.
public record Recorded(
    long seq,
    Id.Entry id,
    Instant at,
    String type,
    String about,
    Json.Obj facts,
    Json.Obj opened) {}

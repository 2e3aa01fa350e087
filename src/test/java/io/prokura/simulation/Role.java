package io.prokura.simulation;

import java.util.List;

/// What everybody may do on a resource to whom it is assigned; a person always by itself.
record Role(String id, Resource resource, List<String> actions, boolean own) {}

package io.prokura.simulation;

import java.util.List;

/// A protected API. Where it `holdsPersonRights`, nobody guesses what a person may do.
record Resource(
    String id,
    String identifier,
    String type,
    List<String> actions,
    boolean holdsPersonRights,
    Credential enforcer) {}

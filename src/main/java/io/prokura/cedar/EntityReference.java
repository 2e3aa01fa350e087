package io.prokura.cedar;

/// What a scope can compare with: an entity, or in a template a slot for one.
public sealed interface EntityReference permits EntityUid, Slot {}

package io.prokura.cedar;

/// One kind of request that a schema allows: an action with a type of principal and a type of
/// resource that it applies to.
record ValidatorEnvironment(EntityType principal, SchemaAction action, EntityType resource) {}

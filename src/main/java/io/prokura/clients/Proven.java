package io.prokura.clients;

import io.prokura.kernel.Id;

/// A holder that has proved itself by a credential; nothing is said about its being active.
record Proven(Holder holder, Id.Credential credential, AuthenticationMethod method) {}

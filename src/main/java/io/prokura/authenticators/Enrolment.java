package io.prokura.authenticators;

/// A secret for one-time codes that somebody is about to put into their app: what they type there,
/// and the same sealed, for the form to carry until they prove that the app has it.
public record Enrolment(String shown, String sealed) {}

package io.prokura.feed;

/// The thing `id` of `kind` changed. Numbers grow in commit order and have no gaps.
public record Change(long number, String kind, String id) {}

package io.prokura.management;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.kernel.Result;

/// What a route of the management API does once its caller is known and allowed.
@FunctionalInterface
public interface ManagedVerb {
  Result<Response> answer(Caller caller, Request request);
}

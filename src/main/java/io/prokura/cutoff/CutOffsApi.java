package io.prokura.cutoff;

import static io.prokura.kernel.Refusal.FIELD_INVALID;

import io.prokura.http.Problem;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.management.Caller;
import io.prokura.management.Page;

/// Cut-offs over the management API.
public final class CutOffsApi {
  private final CutOffs cutOffs;
  private final Limits limits;

  public CutOffsApi(CutOffs cutOffs, Limits limits) {
    this.cutOffs = cutOffs;
    this.limits = limits;
  }

  /// Lists cut-offs, newest first.
  public Response list(Caller caller, Request request) {
    var page = Page.of(request, limits);
    if (!(page instanceof Ok(var part))) {
      return Problem.response(request, (Refused<?>) page);
    }
    var before = part.after().isEmpty() ? String.valueOf(Long.MAX_VALUE) : part.after();
    if (!before.matches("[0-9]{1,19}")) {
      return Problem.response(
          request, new Refused<>(FIELD_INVALID, "cursor is not one that this server gave"));
    }
    return part.response(
        cutOffs.list(Long.parseLong(before), part.fetch()),
        one -> String.valueOf(one.number()),
        CutOffsApi::view);
  }

  private static Json.Obj view(CutOff cutOff) {
    return Json.object()
        .put("number", cutOff.number())
        .put("target", cutOff.target())
        .put("by", cutOff.by().text())
        .put("at", cutOff.at().toString())
        .build();
  }
}

package io.prokura.cutoff;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
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
  public Result<Response> list(Caller caller, Request request) {
    var page = Page.of(request, limits);
    if (!(page instanceof Ok(var part))) {
      return page.refusal();
    }
    var before = part.before();
    if (!(before instanceof Ok(var number))) {
      return before.refusal();
    }
    return part.response(
        cutOffs.list(number, part.fetch()), one -> String.valueOf(one.number()), CutOffsApi::view);
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

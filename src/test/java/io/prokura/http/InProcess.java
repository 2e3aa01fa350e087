package io.prokura.http;

import io.prokura.kernel.Limits;
import io.prokura.kernel.Refusal;
import java.util.List;
import java.util.function.Consumer;

/// A route table that is asked without a socket. What a verb throws comes through as it is.
public final class InProcess {
  private final Limits limits;
  private final RouteTable table;

  public InProcess(Limits limits, List<Route> routes) {
    this.limits = limits;
    table = new RouteTable(routes, new Metrics());
  }

  /// Answers `method` on `path`, with whatever `content` adds to the request.
  public Response answer(String method, String path, Consumer<Request.Builder> content) {
    if (!(table.find(path) instanceof RouteTable.Match.Found(var target, var parameters))) {
      return Problem.refusal(Refusal.NOT_FOUND, "there is nothing here", "request");
    }
    var row = target.row(method);
    if (row == null) {
      return Problem.refusal(Refusal.METHOD_NOT_ALLOWED, "other methods only", "request");
    }
    var request = Request.to(limits, method, path);
    parameters.forEach(request::pathParameter);
    content.accept(request);
    return row.route().verb().answer(request.build());
  }
}

package io.prokura.http;

/// One row of the route table. `path` is a template: `/api/v1/agents/{id}` has the path parameter
/// `id`, one non-empty segment; `/log/tile/{path...}` ends in one that takes the rest of the path,
/// slashes included. A row for GET also answers HEAD.
///
/// @param anyOrigin whether scripts of other sites' pages may read what it answers
public record Route(
    String method,
    String path,
    Access access,
    Recorded recorded,
    Verb verb,
    Admission admission,
    boolean anyOrigin) {

  public Route {
    PathTemplate.parse(path);
    if (method.isEmpty() || !method.chars().allMatch(c -> c >= 'A' && c <= 'Z')) {
      throw new IllegalArgumentException("not a method: " + method);
    }
  }

  /// A row that is always admitted when it administers.
  public Route(String method, String path, Access access, Recorded recorded, Verb verb) {
    this(
        method,
        path,
        access,
        recorded,
        verb,
        access instanceof Access.Managed ? Admission.ALWAYS : Admission.WHEN_FREE,
        false);
  }

  /// The same row, always admitted.
  public Route always() {
    return new Route(method, path, access, recorded, verb, Admission.ALWAYS, anyOrigin);
  }

  /// The same row, for scripts of any site. Only for one that looks at no cookie.
  public Route fromAnyOrigin() {
    return new Route(method, path, access, recorded, verb, admission, true);
  }
}

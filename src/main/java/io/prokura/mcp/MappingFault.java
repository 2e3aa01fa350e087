package io.prokura.mcp;

/// Why no request can be made from a mapping and a message; leaves this package as
/// [Mapped.Faulty] only. The message is safe to show to the caller.
final class MappingFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String detail;

  MappingFault(String detail) {
    super(detail, null, false, false);
    this.detail = detail;
  }

  String detail() {
    return detail;
  }
}

package io.prokura.cedar;

/// A Cedar value. `equals` is Cedar's `==`: values of different types are never equal, sets compare
/// without order or repetition, records by their attributes.
public sealed interface Value
    permits BoolValue,
        LongValue,
        StringValue,
        EntityUid,
        SetValue,
        RecordValue,
        Decimal,
        IpAddress,
        DateTime,
        Duration {

  /// The name of the value's type as error messages give it, such as `long` or `set`.
  String typeName();
}

package io.prokura.json;

import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.dataformat.yaml.YAMLFactory;

/// Reads JSON text strictly: one value in UTF-8, no duplicate members, whole characters, bounded
/// depth and number length.
public final class JsonReader {
  private final JsonFactory json;
  private final YAMLFactory yaml;

  public JsonReader(Limits limits) {
    var constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(limits.jsonDepthMax())
            .maxNumberLength(40)
            .build();
    json =
        JsonFactory.builder()
            .streamReadConstraints(constraints)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
            .build();
    yaml =
        YAMLFactory.builder()
            .streamReadConstraints(constraints)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
  }

  /// What the parser lets pass and JSON here does not.
  private static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  /// The value written in `text`; refuses `MALFORMED_REQUEST`.
  public Result<Json> read(byte[] text) {
    return read(json, text);
  }

  /// The object written in `text`; refuses `MALFORMED_REQUEST`.
  public Result<Json.Obj> readObject(byte[] text) {
    return object(read(text));
  }

  /// The object written in a YAML document; refuses `MALFORMED_REQUEST`. For operators' files only.
  public Result<Json.Obj> readYaml(byte[] text) {
    return object(read(yaml, text));
  }

  private static Result<Json.Obj> object(Result<Json> read) {
    return switch (read) {
      case Result.Ok<Json>(Json.Obj object) -> ok(object);
      case Result.Ok<Json> _ -> refused(MALFORMED_REQUEST, "not a JSON object");
      case Result.Refused<Json> refused -> refused.refusal();
    };
  }

  private static Result<Json> read(TokenStreamFactory factory, byte[] text) {
    try (var parser = factory.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() == null) {
        return refused(MALFORMED_REQUEST, "no JSON value");
      }
      var value = value(parser);
      if (parser.nextToken() != null) {
        return refused(MALFORMED_REQUEST, "more than one JSON value");
      }
      return ok(value);
    } catch (JacksonException | Malformed e) {
      return refused(MALFORMED_REQUEST, "not well-formed JSON");
    }
  }

  /// Recursion is bounded by the parser's nesting limit.
  private static Json value(JsonParser parser) {
    var token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> {
        var members = new LinkedHashMap<String, Json>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          var name = whole(parser.currentName());
          parser.nextToken();
          members.put(name, value(parser));
        }
        yield new Json.Obj(members);
      }
      case START_ARRAY -> {
        var items = new ArrayList<Json>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(value(parser));
        }
        yield new Json.Arr(items);
      }
      case VALUE_STRING -> new Json.Str(whole(parser.getString()));
      case VALUE_NUMBER_INT -> number(parser);
      case VALUE_NUMBER_FLOAT -> fraction(parser.getDoubleValue());
      case VALUE_TRUE -> new Json.Bool(true);
      case VALUE_FALSE -> new Json.Bool(false);
      case VALUE_NULL -> new Json.Null();
      default -> throw new Malformed("unexpected token " + token);
    };
  }

  /// Half of a surrogate pair is no character: UTF-8 has no bytes for it, so what is stored and
  /// hashed would be another text.
  private static String whole(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          throw new Malformed("half a surrogate pair");
        }
        i++;
      }
    }
    return text;
  }

  private static Json number(JsonParser parser) {
    return switch (parser.getNumberType()) {
      case INT, LONG -> new Json.Whole(parser.getLongValue());
      default -> fraction(parser.getDoubleValue());
    };
  }

  private static Json fraction(double value) {
    if (!Double.isFinite(value)) {
      throw new Malformed("number out of range");
    }
    return new Json.Fraction(value);
  }
}

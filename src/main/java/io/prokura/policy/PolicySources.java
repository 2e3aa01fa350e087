package io.prokura.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The files that a snapshot is made of: `builtIn` come with the program, `own` are what somebody
/// published, in the order of their names.
public record PolicySources(List<SourceFile> builtIn, List<SourceFile> own) {

  public PolicySources {
    builtIn = List.copyOf(builtIn);
    own = own.stream().sorted(Comparator.comparing(SourceFile::name)).toList();
  }

  /// The files of a set with what this program brings along for it.
  public static PolicySources of(PolicySetName set, List<SourceFile> own) {
    return switch (set) {
      case ORGANISATION ->
          new PolicySources(
              List.of(
                  SourceFile.builtIn("prokura.cedarschema"), SourceFile.builtIn("prokura.cedar")),
              own);
      case MANAGEMENT ->
          new PolicySources(List.of(SourceFile.builtIn("management.cedarschema")), own);
    };
  }

  /// What decides as long as nothing has been published.
  public static PolicySources unpublished(PolicySetName set) {
    return switch (set) {
      case ORGANISATION -> of(set, List.of());
      case MANAGEMENT -> of(set, List.of(SourceFile.builtIn("management.cedar")));
    };
  }

  /// SHA-256 in hexadecimal over every file: its name and text, each after its length.
  public String digest() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var source : all()) {
        for (var part : List.of(source.name(), source.text())) {
          var bytes = part.getBytes(UTF_8);
          digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
          digest.update(bytes);
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// All files, those of the program first.
  public List<SourceFile> all() {
    var all = new ArrayList<>(builtIn);
    all.addAll(own);
    return all;
  }

  /// The file of this name that somebody published.
  public Optional<SourceFile> own(String name) {
    return own.stream().filter(file -> file.name().equals(name)).findFirst();
  }

  /// The JSON that is stored; [#parse] reads it.
  Json.Obj toJson() {
    return Json.object().put("builtIn", json(builtIn)).put("own", json(own)).build();
  }

  static PolicySources parse(Json.Obj stored) {
    return new PolicySources(
        files(stored.get("builtIn").orElseThrow()), files(stored.get("own").orElseThrow()));
  }

  static Json.Arr json(List<SourceFile> files) {
    return Json.array(files.stream().map(SourceFile::toJson).toList());
  }

  static List<SourceFile> files(Json stored) {
    return ((Json.Arr) stored)
        .items().stream().map(one -> SourceFile.parse((Json.Obj) one)).toList();
  }
}

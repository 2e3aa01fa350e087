package io.prokura.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.cedar.PolicySet;
import io.prokura.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The text of one file that policies, a schema or objects are read from.
public record SourceFile(String name, String text) {
  /// The organisation's own entity types and actions.
  public static final String SCHEMA = "schema.cedarschema";

  /// The organisation's objects.
  public static final String ENTITIES = "entities.json";

  /// The organisation's test cases, which are kept with the policies and run before
  /// they are published.
  public static final String TESTS = "tests.yaml";

  /// How the name of a file with policies ends.
  public static final String POLICIES = ".cedar";

  /// How many files a set may have.
  public static final int FILES_MAX = 500;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}");

  /// A file of this package's resources.
  static SourceFile builtIn(String name) {
    try (var in = SourceFile.class.getResourceAsStream("/policy/" + name)) {
      if (in == null) {
        throw new IllegalStateException("missing from the program: policy/" + name);
      }
      return new SourceFile(name, new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether the file holds policies.
  public boolean isPolicies() {
    return name.endsWith(POLICIES);
  }

  /// The files of an organisation's folder in the order of their names. Whatever else is in it is a
  /// finding: a policy that is silently left out could be one that forbids. Hidden files and
  /// `*.md` are let be.
  public static List<SourceFile> in(Path folder, List<String> findings) {
    var sources = new ArrayList<SourceFile>();
    try (var listed = Files.list(folder)) {
      var files = listed.limit(FILES_MAX + 1).sorted().toList();
      if (files.size() > FILES_MAX) {
        findings.add(folder + ": more than " + FILES_MAX + " files");
        return List.of();
      }
      for (var file : files) {
        var name = String.valueOf(file.getFileName());
        if (name.startsWith(".") || name.endsWith(".md")) {
          continue;
        }
        if (Files.isRegularFile(file) && isKnown(name)) {
          read(file, name, sources, findings);
        } else {
          findings.add(
              "%s: not read here; known are *%s, %s, %s and %s"
                  .formatted(name, POLICIES, SCHEMA, ENTITIES, TESTS));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      findings.add(folder + ": cannot be read: " + e.getClass().getSimpleName());
    }
    return sources;
  }

  /// Whether a file of this name is read at all.
  static boolean isKnown(String name) {
    return name.endsWith(POLICIES)
        || name.equals(SCHEMA)
        || name.equals(ENTITIES)
        || name.equals(TESTS);
  }

  /// Whether a file of a draft may have this name: one that a folder can hold and that is read.
  static boolean isName(String name) {
    return NAME.matcher(name).matches() && isKnown(name);
  }

  Json.Obj toJson() {
    return Json.object().put("name", name).put("text", text).build();
  }

  static SourceFile parse(Json.Obj stored) {
    return new SourceFile(stored.text("name").orElseThrow(), stored.text("text").orElseThrow());
  }

  private static void read(
      Path file, String name, List<SourceFile> sources, List<String> findings) {
    try {
      if (Files.size(file) > PolicySet.TEXT_LENGTH_MAX) {
        findings.add(name + ": larger than " + PolicySet.TEXT_LENGTH_MAX + " bytes");
        return;
      }
      var text = UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
      sources.add(new SourceFile(name, text));
    } catch (CharacterCodingException e) {
      findings.add(name + ": not UTF-8");
    } catch (IOException e) {
      findings.add(name + ": cannot be read: " + e.getClass().getSimpleName());
    }
  }
}

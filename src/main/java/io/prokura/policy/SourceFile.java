package io.prokura.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.cedar.PolicySet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The text of one file that policies, a schema or objects are read from.
record SourceFile(String name, String text) {
  static final String SCHEMA = "schema.cedarschema";
  static final String ENTITIES = "entities.json";
  static final String POLICIES = ".cedar";
  private static final int FILES_MAX = 500;

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

  boolean isPolicies() {
    return name.endsWith(POLICIES);
  }

  /// The files of an organisation's folder in the order of their names. Whatever else is in it is a
  /// finding: a policy that is silently left out could be one that forbids. Hidden files and
  /// `*.md` are let be.
  static List<SourceFile> in(Path folder, List<String> findings) {
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
              "%s: not read here; known are *%s, %s and %s"
                  .formatted(name, POLICIES, SCHEMA, ENTITIES));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      findings.add(folder + ": cannot be read: " + e.getClass().getSimpleName());
    }
    return sources;
  }

  private static boolean isKnown(String name) {
    return name.endsWith(POLICIES) || name.equals(SCHEMA) || name.equals(ENTITIES);
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

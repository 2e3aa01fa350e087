package io.prokura.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.cedar.CedarSyntaxException;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.Policy;
import io.prokura.cedar.PolicySet;
import io.prokura.cedar.Schema;
import io.prokura.cedar.SchemaException;
import io.prokura.cedar.SchemaSource;
import io.prokura.cedar.TypeMismatchException;
import io.prokura.cedar.ValidationFinding.Severity;
import io.prokura.cedar.Validator;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Reads and validates policies, all of them or none.
final class PolicyReader {
  private static final String BUILT_IN_SCHEMA = "prokura.cedarschema";
  private static final String BUILT_IN_POLICIES = "prokura.cedar";
  private static final String BUILT_IN_PREFIX = "prokura.";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.:#/@-]{1,200}");

  private final List<Path> folders;

  PolicyReader(List<Path> folders) {
    this.folders = List.copyOf(folders);
  }

  /// What was found while reading; nothing may be used when there is a finding.
  private record Report(List<String> findings, List<String> warnings) {
    Report() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    void throwFindings() {
      if (!findings.isEmpty()) {
        throw new InvalidPolicies(findings);
      }
    }
  }

  PolicySnapshot read(long number) {
    var report = new Report();
    var builtIn =
        List.of(SourceFile.builtIn(BUILT_IN_SCHEMA), SourceFile.builtIn(BUILT_IN_POLICIES));
    var own = new ArrayList<SourceFile>();
    folders.forEach(folder -> own.addAll(SourceFile.in(folder, report.findings)));
    report.throwFindings();
    var schema = schema(own, report);
    var policies = new LinkedHashMap<String, Policy>();
    collect(builtIn.getLast(), schema, policies, true, report);
    own.stream()
        .filter(SourceFile::isPolicies)
        .forEach(file -> collect(file, schema, policies, false, report));
    var entities = entities(own, schema, report);
    report.throwFindings();
    var sources = new ArrayList<>(builtIn);
    sources.addAll(own);
    return new PolicySnapshot(
        number,
        digest(sources),
        schema,
        PolicySet.of(policies.values()),
        entities,
        report.warnings);
  }

  private static Schema schema(List<SourceFile> own, Report report) {
    var builtIn = SourceFile.builtIn(BUILT_IN_SCHEMA);
    var sources = new ArrayList<SchemaSource>();
    sources.add(SchemaSource.cedar(builtIn.name(), builtIn.text()));
    var declared = own.stream().filter(file -> file.name().equals(SourceFile.SCHEMA)).toList();
    declared.forEach(file -> sources.add(SchemaSource.cedar(file.name(), file.text())));
    try {
      var fragment = Schema.parse(sources.subList(0, 1));
      var schema = Schema.parse(sources);
      refuseOwn(fragment, schema, report);
      ReservedMembers.check(SourceFile.SCHEMA, schema, report.findings);
      return schema;
    } catch (SchemaException e) {
      e.problems().forEach(problem -> report.findings.add(problem.toString()));
      throw new InvalidPolicies(report.findings);
    }
  }

  /// Nobody but the server declares anything in its namespaces.
  private static void refuseOwn(Schema fragment, Schema whole, Report report) {
    whole.entityTypes().keySet().stream()
        .filter(type -> Uids.isOwn(type) && fragment.entityType(type).isEmpty())
        .forEach(type -> report.findings.add(reserved(type.name())));
    whole.actions().keySet().stream()
        .filter(action -> Uids.isOwn(action.type()) && fragment.action(action).isEmpty())
        .forEach(action -> report.findings.add(reserved(action.toString())));
    whole.commonTypes().stream()
        .filter(name -> Uids.isOwn(name) && !fragment.commonTypes().contains(name))
        .forEach(name -> report.findings.add(reserved(name)));
  }

  private static String reserved(String name) {
    return SourceFile.SCHEMA + ": " + name + ": the namespaces of the server are not open";
  }

  private static void collect(
      SourceFile file,
      Schema schema,
      Map<String, Policy> policies,
      boolean builtIn,
      Report report) {
    PolicySet parsed;
    try {
      parsed = PolicySet.parse(file.text());
    } catch (CedarSyntaxException e) {
      report.findings.add(at(file, e));
      return;
    }
    var validator = new Validator(schema);
    int place = 0;
    for (var unnamed : parsed.policies().values()) {
      var policy = named(unnamed, file.name() + "#" + place++);
      var position = policy.source().position();
      var at = file.name() + ":" + position.line() + ":" + position.column() + ": ";
      if (!ID.matcher(policy.id()).matches()) {
        report.findings.add(at + "an id has 1 to 200 characters of A-Z a-z 0-9 _ . : # / @ -");
      } else if (!builtIn && isReserved(policy.id())) {
        report.findings.add(at + "ids that start with per_ or prokura. are the server's own");
      } else if (policies.putIfAbsent(policy.id(), policy) != null) {
        report.findings.add(at + "another policy has the id " + policy.id());
      }
      Obligation.problem(policy).ifPresent(problem -> report.findings.add(at + problem));
      for (var finding : validator.validate(policy)) {
        var to = finding.severity() == Severity.ERROR ? report.findings : report.warnings;
        to.add(finding.in(file.name()));
      }
    }
  }

  private static boolean isReserved(String id) {
    return id.startsWith("per_") || id.startsWith(BUILT_IN_PREFIX);
  }

  private static Policy named(Policy policy, String otherwise) {
    return new Policy(
        policy.annotations().getOrDefault("id", otherwise),
        policy.annotations(),
        policy.effect(),
        policy.principal(),
        policy.action(),
        policy.resource(),
        policy.conditions(),
        policy.source());
  }

  private static Map<EntityUid, Entity> entities(
      List<SourceFile> own, Schema schema, Report report) {
    var entities = new HashMap<EntityUid, Entity>();
    schema.actionEntities().forEach(action -> entities.put(action.uid(), action));
    var validator = new Validator(schema);
    var seen = new HashSet<EntityUid>();
    for (var file : own) {
      if (file.name().equals(SourceFile.ENTITIES)) {
        for (var entity : entities(file, schema, report)) {
          check(file, entity, validator, report);
          if (!seen.add(entity.uid())) {
            report.findings.add(file.name() + ": " + entity.uid() + " stands twice");
          }
          entities.put(entity.uid(), entity);
        }
      }
    }
    return entities;
  }

  private static List<Entity> entities(SourceFile file, Schema schema, Report report) {
    try {
      return schema.readEntities(file.text());
    } catch (CedarSyntaxException e) {
      report.findings.add(at(file, e));
    } catch (TypeMismatchException e) {
      report.findings.add(file.name() + ": " + e.getMessage());
    }
    return List.of();
  }

  /// Principals and resources come from the registers, and which resource an object belongs to is
  /// for the server to say: a file that could say it could move an object under a permission.
  private static void check(SourceFile file, Entity entity, Validator validator, Report report) {
    if (entity.uid().type().isAction() || Uids.isOwn(entity.uid().type())) {
      report.findings.add(file.name() + ": " + entity.uid() + ": the server's own, not a file's");
    }
    entity.ancestors().stream()
        .filter(ancestor -> Uids.isOwn(ancestor.type()))
        .forEach(
            ancestor ->
                report.findings.add(
                    "%s: %s: the server says what belongs to %s"
                        .formatted(file.name(), entity.uid(), ancestor)));
    validator
        .problems(entity)
        .forEach(problem -> report.findings.add(file.name() + ": " + problem));
  }

  private static String at(SourceFile file, CedarSyntaxException e) {
    var position = e.position();
    return "%s:%d:%d: %s".formatted(file.name(), position.line(), position.column(), e.problem());
  }

  /// SHA-256 over every source: its name and text, each after its length.
  private static String digest(List<SourceFile> sources) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var source : sources) {
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
}

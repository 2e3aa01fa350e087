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
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Reads and validates the policies of one set, all of them or none.
final class PolicyReader {
  private static final String BUILT_IN_PREFIX = "prokura.";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.:#/@-]{1,200}");

  private final PolicySetName set;
  private final JsonReader yaml;

  PolicyReader(PolicySetName set) {
    this.set = set;
    this.yaml = new JsonReader(Limits.standard());
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

  /// The files of a folder with what the program brings along; throws [InvalidPolicies] for files
  /// that would not be read.
  static PolicySources in(Path folder) {
    var findings = new ArrayList<String>();
    var own = SourceFile.in(folder, findings);
    if (!findings.isEmpty()) {
      throw new InvalidPolicies(findings);
    }
    return PolicySources.of(PolicySetName.ORGANISATION, own);
  }

  /// The snapshot that the sources make; throws [InvalidPolicies] with everything that is wrong.
  PolicySnapshot read(PolicySources sources, long number) {
    var report = new Report();
    refuseForeign(sources, report);
    var schema = schema(sources, report);
    var policies = new LinkedHashMap<String, Policy>();
    var files = new HashMap<String, String>();
    for (var file : sources.all()) {
      if (file.isPolicies()) {
        boolean builtIn = sources.builtIn().contains(file);
        collect(file, schema, policies, files, builtIn, report);
      }
    }
    var entities = entities(sources.own(), schema, report);
    report.throwFindings();
    var all = PolicySet.of(policies.values());
    return new PolicySnapshot(
        number,
        sources.digest(),
        schema,
        all,
        Annotations.of(all),
        entities,
        report.warnings,
        sources,
        files);
  }

  /// The management set is policies alone: what they may speak of is the program's to say.
  private void refuseForeign(PolicySources sources, Report report) {
    for (var file : sources.own()) {
      if (set == PolicySetName.MANAGEMENT && !file.isPolicies()) {
        report.findings.add(file.name() + ": the management set has *.cedar files only");
      } else if (file.name().equals(SourceFile.TESTS)
          && yaml.readYaml(file.text().getBytes(UTF_8)) instanceof Result.Refused) {
        report.findings.add(file.name() + ": not a YAML mapping");
      }
    }
    report.throwFindings();
  }

  private Schema schema(PolicySources from, Report report) {
    var sources = new ArrayList<SchemaSource>();
    for (var file : from.all()) {
      if (file.name().endsWith(".cedarschema")) {
        sources.add(SchemaSource.cedar(file.name(), file.text()));
      }
    }
    try {
      var schema = Schema.parse(sources);
      if (set == PolicySetName.ORGANISATION) {
        var fragment = Schema.parse(sources.subList(0, 1));
        refuseOwn(fragment, schema, report);
        ReservedMembers.check(SourceFile.SCHEMA, schema, report.findings);
      }
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

  private void collect(
      SourceFile file,
      Schema schema,
      Map<String, Policy> policies,
      Map<String, String> files,
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
      files.putIfAbsent(policy.id(), file.name());
      Recorded.problem(policy).ifPresent(problem -> report.findings.add(at + problem));
      NamedApprovers.problem(policy).ifPresent(problem -> report.findings.add(at + problem));
      for (var finding : validator.validate(policy)) {
        boolean refused = finding.severity() == Severity.ERROR || finding.tellsUnreachable();
        var to = refused ? report.findings : report.warnings;
        to.add(finding.in(file.name()));
      }
    }
  }

  private boolean isReserved(String id) {
    return set == PolicySetName.ORGANISATION && hasReservedStart(id);
  }

  private static boolean hasReservedStart(String id) {
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
    var ancestors = new HashMap<EntityUid, EntityUid>();
    for (var file : own) {
      if (file.name().equals(SourceFile.ENTITIES)) {
        for (var entity : entities(file, schema, report)) {
          check(file, entity, validator, report);
          if (!seen.add(entity.uid())) {
            report.findings.add(file.name() + ": " + entity.uid() + " stands twice");
          }
          entities.put(entity.uid(), sharing(entity, ancestors));
        }
      }
    }
    return entities;
  }

  /// The same, where what many are in has one name for all of them, so that it is in few places of
  /// memory.
  private static Entity sharing(Entity entity, Map<EntityUid, EntityUid> known) {
    var ancestors = new HashSet<EntityUid>();
    entity.ancestors().forEach(one -> ancestors.add(known.computeIfAbsent(one, same -> same)));
    return new Entity(entity.uid(), entity.attributes(), ancestors, entity.tags());
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
}

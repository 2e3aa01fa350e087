package io.prokura;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.prokura.clients.ClientAuthenticator;
import io.prokura.delegation.Authority;
import io.prokura.kernel.World;
import io.prokura.sql.Tx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The shape of the server: which package may know which, and who may do what.
final class ArchitectureTest {
  private static final String ROOT = "io.prokura.";

  private static final JavaClasses SERVER =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.prokura");

  /// The tiers, lowest first. An arrow goes to a lower tier or stays in its own.
  private static final List<Set<String>> TIERS =
      List.of(
          Set.of("cedar", "tlog"),
          Set.of("kernel"),
          Set.of("http", "json", "sql", "jose", "seal", "tls", "outbound"),
          Set.of("feed", "management", "audit"),
          Set.of(
              "keys",
              "cutoff",
              "directory",
              "catalogue",
              "agents",
              "clients",
              "delegation",
              "approvals",
              "authenticators",
              "authorize",
              "logout",
              "issuers",
              "passkeys",
              "sessions",
              "signin",
              "upstream",
              "pages",
              "registration",
              "tokens",
              "policy",
              "mcp",
              "decision",
              "grants",
              "asgardeo",
              "kill",
              "access",
              "restore"),
          Set.of("authzen", "cli", "demo", "bench", "selftest"),
          Set.of("app"));

  @Test
  void packagesKnowOnlyWhatTheGoldenFileSays() {
    Golden.check("packages.txt", arrows());
  }

  @Test
  void arrowsPointDown() {
    for (var from : dependencies().entrySet()) {
      for (var to : from.getValue()) {
        assertThat(tier(to))
            .as("%s -> %s", from.getKey(), to)
            .isLessThanOrEqualTo(tier(from.getKey()));
      }
    }
  }

  @Test
  void noPackagesFormACycle() {
    SlicesRuleDefinition.slices()
        .matching("io.prokura.(*)..")
        .should()
        .beFreeOfCycles()
        .check(SERVER);
  }

  @Test
  void librariesKnowOnlyTheJdk() {
    classes()
        .that()
        .resideInAnyPackage("io.prokura.cedar..", "io.prokura.tlog..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify..", "io.prokura.cedar..", "io.prokura.tlog..")
        .check(SERVER);
  }

  @Test
  void everyPackageHasItsCharterAndIsNullMarked() throws Exception {
    for (var name : packages()) {
      var file = Path.of("src/main/java/io/prokura", name, "package-info.java");
      assertThat(file).exists();
      assertThat(Files.readString(file)).startsWith("///").contains("NullMarked\npackage");
    }
  }

  @Test
  void onlyTheWorldAsksForTimeAndChance() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.prokura.app..", "io.prokura.bench..", "io.prokura.cli..", "io.prokura.demo..")
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(java.util.UUID.class, "randomUUID")
        .orShould()
        .callConstructor(java.security.SecureRandom.class)
        .check(SERVER);
    classes().that().areAssignableTo(World.class).should().beRecords().check(SERVER);
  }

  @Test
  void onlyTheRootAndTheMechanismsStartThreads() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.prokura.app..",
            "io.prokura.sql..",
            "io.prokura.http..",
            "io.prokura.outbound..",
            "io.prokura.bench..",
            "io.prokura.demo..",
            "io.prokura.cli..")
        .should()
        .callMethodWhere(
            target(owner(type(Thread.class)))
                .and(target(nameMatching("start|ofVirtual|ofPlatform|startVirtualThread"))))
        .orShould()
        .callConstructorWhere(target(owner(assignableTo(Thread.class))))
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.concurrent.Executors")
        .check(SERVER);
  }

  @Test
  void onlyStoresRunSql() {
    noClasses()
        .that(runNoSql())
        .should()
        .callMethodWhere(target(owner(type(Tx.class))).and(target(nameMatching("list|one|run"))))
        .check(SERVER);
  }

  private static DescribedPredicate<JavaClass> runNoSql() {
    return DescribedPredicate.describe(
        "are neither stores nor mechanisms",
        type ->
            !type.getSimpleName().endsWith("Store")
                && !Set.of("sql", "feed", "management").contains(top(type)));
  }

  @Test
  void onlyJsonKnowsAJsonLibraryAndOnlyHttpAWebServer() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.prokura.json..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("tools.jackson..")
        .check(SERVER);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.prokura.http..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.helidon..", "io.prometheus..")
        .check(SERVER);
  }

  @Test
  void onlyTheDemoSpeaksMcp() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.prokura.demo..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.modelcontextprotocol..", "reactor..")
        .check(SERVER);
  }

  @Test
  void authorityComesOnlyFromTheArithmeticOrAVerifiedToken() {
    constructors()
        .that()
        .areDeclaredIn(Authority.class)
        .should()
        .onlyBeCalled()
        .byClassesThat(
            DescribedPredicate.describe(
                "work authority out or read it from a token",
                type -> Set.of("Conferral", "Claims", "Tokens").contains(type.getSimpleName())))
        .check(SERVER);
  }

  /// Whoever is vouched for there has proven nothing to who vouches.
  @Test
  void anAgentIsVouchedForOnlyWhereItsPlatformsWordIsChecked() {
    methods()
        .that()
        .areDeclaredIn(ClientAuthenticator.class)
        .and()
        .haveName("vouchedFor")
        .should()
        .onlyBeCalled()
        .byClassesThat()
        .haveSimpleName("ForeignAgentEndpoint")
        .check(SERVER);
  }

  @Test
  void theKernelStaysSmall() {
    long files =
        SERVER.stream()
            .filter(type -> top(type).equals("kernel") && type.isTopLevelClass())
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .count();
    assertThat(files).isLessThanOrEqualTo(15);
  }

  private static String arrows() {
    var text = new StringBuilder();
    dependencies()
        .forEach(
            (from, to) ->
                text.append("%-11s -> %s%n".formatted(from, String.join(" ", to)).stripTrailing())
                    .append('\n'));
    return text.toString();
  }

  private static Map<String, Set<String>> dependencies() {
    var arrows = new TreeMap<String, Set<String>>();
    for (var type : SERVER) {
      var from = arrows.computeIfAbsent(top(type), _ -> new TreeSet<>());
      type.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(target -> target.getPackageName().startsWith(ROOT))
          .map(ArchitectureTest::top)
          .filter(to -> !to.equals(top(type)))
          .forEach(from::add);
    }
    return arrows;
  }

  private static Set<String> packages() {
    return dependencies().keySet();
  }

  private static String top(JavaClass type) {
    var rest = type.getPackageName().substring(ROOT.length());
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }

  private static int tier(String name) {
    for (int i = 0; i < TIERS.size(); i++) {
      if (TIERS.get(i).contains(name)) {
        return i;
      }
    }
    throw new AssertionError("package " + name + " stands in no tier");
  }
}

package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/// The engine by itself: nothing but the JDK is needed for it, least of all the native library that
/// the tests compare it with.
final class CedarLibraryTest {
  private static final Path CLASSES = Path.of("target/classes");

  @Test
  void theNativeLibraryIsForTests() throws Exception {
    var pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse("pom.xml");
    var dependencies = pom.getElementsByTagName("dependency");
    int found = 0;
    for (int i = 0; i < dependencies.getLength(); i++) {
      var dependency = (Element) dependencies.item(i);
      if (text(dependency, "groupId").equals("com.cedarpolicy")) {
        assertThat(text(dependency, "scope")).isEqualTo("test");
        found++;
      }
    }
    assertThat(found).isEqualTo(1);
    ArchRuleDefinition.noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.cedarpolicy..")
        .check(new ClassFileImporter().importPath(CLASSES));
  }

  private static String text(Element element, String name) {
    var nodes = element.getElementsByTagName(name);
    return nodes.getLength() == 0 ? "" : nodes.item(0).getTextContent();
  }

  /// Compiles the example against the classes alone, runs it without any library, and holds what it
  /// prints against its README.
  @Test
  void theExampleRunsOnTheJdkAlone(@TempDir Path folder) throws Exception {
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                CLASSES.toString(),
                "-d",
                folder.toString(),
                "examples/cedar/Documents.java");
    assertThat(status).isZero();
    var output = new ByteArrayOutputStream();
    var before = System.out;
    var urls = new URL[] {CLASSES.toUri().toURL(), folder.toUri().toURL()};
    try (var loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
      System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
      var main = loader.loadClass("Documents").getDeclaredMethod("main", String[].class);
      main.setAccessible(true);
      main.invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
    }
    var printed = output.toString(StandardCharsets.UTF_8);
    assertThat(Files.readString(Path.of("examples/cedar/README.md")))
        .contains("```text\n" + printed + "```");
  }
}

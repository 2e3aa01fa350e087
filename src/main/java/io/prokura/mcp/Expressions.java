package io.prokura.mcp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.prokura.json.Json;
import java.util.Map;
import java.util.Optional;

/// The expressions of mappings: CEL over `params` and `token`, with optional selection (COAZ-MCP,
/// "Expressions and Literals"). Each is compiled once and kept, the [#CACHED_MAX] used last.
///
/// Expressions come from MCP servers and are hostile input: the length, the nesting and the nodes
/// of one are bounded when it is compiled, its iterations and its cost ([Budget]) when it runs.
final class Expressions {
  private static final int CHARACTERS_MAX = 1_000;
  private static final int DEPTH_MAX = 24;
  private static final int NODES_MAX = 500;
  private static final int ITERATIONS_MAX = 500;
  private static final int CACHED_MAX = 2_000;
  private static final int SHOWN_MAX = 100;

  private final Cel cel;
  private final Cache<String, Compiled> compiled =
      Caffeine.newBuilder().maximumSize(CACHED_MAX).build();

  /// An expression that can be run, or why it cannot: a bad one is not compiled twice either.
  private sealed interface Compiled {
    record Good(CelRuntime.Program program) implements Compiled {}

    record Bad(String why) implements Compiled {}
  }

  Expressions() {
    var options =
        CelOptions.current()
            .maxExpressionCodePointSize(CHARACTERS_MAX)
            .maxParseRecursionDepth(DEPTH_MAX)
            .maxParseExpressionNodeCount(NODES_MAX)
            .maxParseErrorRecoveryLimit(1)
            .comprehensionMaxIterations(ITERATIONS_MAX)
            .maxRegexProgramSize(NODES_MAX)
            .enableHeterogeneousNumericComparisons(true)
            .build();
    var map = MapType.create(SimpleType.STRING, SimpleType.DYN);
    cel =
        CelFactory.legacyCelBuilder()
            .setOptions(options)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addCompilerLibraries(CelExtensions.optional())
            .addRuntimeLibraries(CelExtensions.optional())
            .addVar("params", map)
            .addVar("token", map)
            .build();
  }

  /// The value of `source` over these variables; empty when it is *absent*. Throws [MappingFault].
  Optional<Json> evaluate(String source, Map<String, Object> variables, Budget budget) {
    if (source.length() > CHARACTERS_MAX) {
      throw new MappingFault("an expression has more than " + CHARACTERS_MAX + " characters");
    }
    return switch (compiled.get(source, this::compile)) {
      case Compiled.Good(var program) ->
          Values.ofCel(run(program, source, variables, budget), budget);
      case Compiled.Bad(var why) -> throw failed(source, why);
    };
  }

  private static Object run(
      CelRuntime.Program program, String source, Map<String, Object> variables, Budget budget) {
    try {
      return program.trace(variables, budget);
    } catch (CelEvaluationException e) {
      throw e.getCause() instanceof MappingFault fault ? fault : failed(source, why(e));
    } catch (MappingFault e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      // What the library does not foresee is the expression's failure and denies like any other.
      throw failed(source, "it cannot be evaluated");
    }
  }

  private Compiled compile(String source) {
    try {
      return new Compiled.Good(cel.createProgram(cel.compile(source).getAst()));
    } catch (CelValidationException | CelEvaluationException e) {
      return new Compiled.Bad(why(e));
    } catch (RuntimeException | StackOverflowError e) {
      return new Compiled.Bad("it cannot be compiled");
    }
  }

  private static MappingFault failed(String source, String why) {
    return new MappingFault("expression '$" + shown(source) + "' failed: " + why);
  }

  private static String why(Exception e) {
    return shown(String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown"));
  }

  private static String shown(String text) {
    return text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text;
  }
}

package lossmith.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.TreeMap;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.print.Formula;
import lossmith.explain.VerbHelp;
import org.junit.jupiter.api.Test;

/**
 * The help of every word is its Javadoc, with an example that compiles and its formula; {@code
 * -Dlossmith.write=true} writes it.
 */
final class VerbHelpTest {
  private static final Path HELP = Path.of("main/resources" + VerbHelp.RESOURCE);

  /** Where the usual example would be refused. */
  private static final Map<String, String> OWN =
      HashMap.of(
          "per", "reward().per(Axis.TOKEN)",
          "dividedBy", "r.dividedBy(A.abs().shiftedBy(1))",
          "log1mExp", "logProb().log1mExp()",
          "renamed", "r.scaledBy(parameter(\"beta\", 0.1, 0, 1)).renamed(\"beta\", \"alpha\")",
          "scaledBy", "r.scaledBy(0.5)",
          "around", "Clip.around(0.2, 0.28)",
          "between", "Clip.between(0.8, 1.28)",
          "scanBackward", "scanBackward(A, constant(0.95, Axis.TOKEN))",
          "top", "A.top(constant(8, Axis.BATCH), ALL_TOKENS)");

  @Test
  void theHelpIsWhatTheSourcesSay() throws IOException {
    Seq<DocumentedWord> words = DocumentedWord.all();
    Map<String, Seq<DocumentedWord>> named =
        words.foldLeft(
            TreeMap.<String, Seq<DocumentedWord>>empty(),
            (all, word) ->
                all.put(word.name(), all.getOrElse(word.name(), List.empty()).append(word)));
    Map<String, String> examples =
        named.map((name, all) -> io.vavr.Tuple.of(name, OWN.getOrElse(name, all.head().example())));
    Seq<Object> values =
        List.ofAll(
            (Iterable<?>)
                Sources.value(
                    "List.<Object>of(" + examples.values().mkString(",\n") + ")", List.empty()));
    String text =
        named
            .toList()
            .zip(values)
            .map(one -> block(one._1._1, one._1._2, examples.get(one._1._1).get(), one._2))
            .mkString("\n");
    if (Boolean.getBoolean("lossmith.write")) {
      Files.createDirectories(HELP.getParent());
      Files.writeString(HELP, text);
    }
    assertEquals(Files.readString(HELP), text);
  }

  private static String block(
      String name, Seq<DocumentedWord> words, String example, Object value) {
    String each =
        words.map(word -> "  " + word.signature() + "\n" + indented(word.doc())).mkString("\n");
    return name + "\n" + each + "\n\n  " + example + "\n" + indented(shown(value)) + "\n";
  }

  private static String indented(String text) {
    return List.ofAll(text.lines().toList()).map(line -> "    " + line).mkString("\n");
  }

  private static String shown(Object value) {
    if (value instanceof Term<?> term) {
      return "= " + formula(Formula.unicode(term.node())) + ", per " + term.level();
    } else if (value instanceof Condition<?> condition) {
      return "= "
          + formula(Formula.unicode(condition.node()))
          + ", per "
          + condition.node().level();
    } else if (value instanceof Loss loss) {
      return formula(Formula.unicode(loss));
    }
    return value instanceof Over<?, ?> over
        ? "from " + over.from() + " to " + over.to()
        : "= ["
            + formula(Formula.unicode(((Clip) value).low().node()))
            + ", "
            + formula(Formula.unicode(((Clip) value).high().node()))
            + "]";
  }

  /** Without what r and A stand for. */
  private static String formula(String text) {
    return text.lines().findFirst().orElse("");
  }

  /** Whatever has the types of the algebra in its signature has help. */
  @Test
  void everyPublicWordHasHelp() {
    Seq<Class<?>> types =
        List.of(
            Terms.class,
            Term.class,
            Detached.class,
            Condition.class,
            Over.class,
            Loss.class,
            Clip.class);
    Seq<Class<?>> algebra =
        List.of(
            Term.class,
            Detached.class,
            Condition.class,
            Over.class,
            lossmith.dsl.Axis.class,
            Loss.class,
            Clip.class,
            Parameter.class);
    Seq<Method> methods =
        types
            .flatMap(type -> List.of(type.getDeclaredMethods()))
            .filter(method -> java.lang.reflect.Modifier.isPublic(method.getModifiers()))
            .filter(method -> algebra.contains(method.getReturnType()) && !method.isBridge())
            .reject(VerbHelpTest::isPartOfRecord)
            .filter(
                method ->
                    List.of(method.getParameterTypes())
                        .forAll(
                            type ->
                                algebra.contains(type)
                                    || type.isPrimitive()
                                    || type == String.class
                                    || type == String[].class));
    assertTrue(methods.size() > 100, () -> methods.size() + " methods");
    for (String name : methods.map(Method::getName).distinct()) {
      String told = VerbHelp.of(name).getOrElse("");
      assertTrue(told.lines().count() >= 5, name + " has no help: " + told);
    }
  }

  private static boolean isPartOfRecord(Method method) {
    return method.getDeclaringClass().isRecord()
        && List.of(method.getDeclaringClass().getRecordComponents())
            .exists(part -> part.getAccessor().equals(method));
  }

  @Test
  void aWordThatIsNoneHasItsNearest() {
    assertTrue(VerbHelp.orNearest("tmies").contains("did you mean times?"));
  }

  @Test
  void theHelpOfTimesHasBothSignaturesAndAnExample() {
    String told = VerbHelp.of("times").get();
    assertTrue(told.contains("Term<L>.times(Term<L> other) -> Term<L>"), told);
    assertTrue(told.contains("Detached<L>.times(Detached<L> other) -> Detached<L>"), told);
    assertTrue(told.contains("x · y"), told);
    assertTrue(told.contains("r.times(entropy())\n    = r·H(π), per token"), told);
  }
}

package lossmith.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.TreeMap;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
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
  private static final Path SOURCES = Path.of("..", "dsl/src/main/java/lossmith/dsl");
  private static final Path HELP = Path.of("main/resources" + VerbHelp.RESOURCE);

  private static final Seq<String> CLASSES =
      List.of("Terms", "Term", "Detached", "Condition", "Over", "Loss", "Clip");

  private static final Seq<String> TYPES =
      List.of("Term", "Detached", "Condition", "Over", "Axis", "Loss", "Clip", "Parameter");

  /** On what a verb of each class is called in an example. */
  private static final Map<String, String> RECEIVERS =
      HashMap.of(
          "Terms", "",
          "Term", "r.",
          "Detached", "A.",
          "Condition", "A.positive().",
          "Over", "TOKENS.",
          "Loss", "minimise(entropy().mean(ALL_TOKENS)).",
          "Clip", "Clip.");

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

  private static final Pattern ESCAPED = Pattern.compile("\\\\u([0-9a-f]{4})");
  private static final Pattern TAG = Pattern.compile("\\{@\\w+\\s+(?:\\w*#)?");

  private record Word(String name, String signature, String doc, String owner, String example) {
    private Word keeping(Set<String> detached) {
      return owner.equals("Term") && detached.contains(name)
          ? new Word(
              name, signature, doc + "\na detached term gives a detached one", owner, example)
          : this;
    }
  }

  @Test
  void theHelpIsWhatTheSourcesSay() throws IOException {
    Seq<Word> words = words();
    Map<String, Seq<Word>> named =
        words.foldLeft(
            TreeMap.<String, Seq<Word>>empty(),
            (all, word) ->
                all.put(word.name(), all.getOrElse(word.name(), List.empty()).append(word)));
    Map<String, String> examples =
        named.map((name, all) -> io.vavr.Tuple.of(name, OWN.getOrElse(name, all.head().example())));
    Seq<Object> values =
        List.ofAll(
            (Iterable<?>)
                Sources.value("List.<Object>of(" + examples.values().mkString(",\n") + ")"));
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

  private static String block(String name, Seq<Word> words, String example, Object value) {
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

  private static Seq<Word> words() throws IOException {
    try (StandardJavaFileManager files =
        ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, Locale.ROOT, null)) {
      JavacTask task =
          (JavacTask)
              ToolProvider.getSystemJavaCompiler()
                  .getTask(
                      null,
                      files,
                      null,
                      List.of("-proc:none").asJava(),
                      null,
                      files.getJavaFileObjectsFromPaths(
                          CLASSES.map(name -> SOURCES.resolve(name + ".java")).asJava()));
      DocTrees docs = DocTrees.instance(task);
      List<CompilationUnitTree> units = List.ofAll(task.parse());
      Set<String> kept = units.flatMap(VerbHelpTest::keptDetached).toSet();
      return units.flatMap(unit -> words(docs, unit)).map(word -> word.keeping(kept));
    }
  }

  private static Seq<Word> words(DocTrees docs, CompilationUnitTree unit) {
    ClassTree type = (ClassTree) unit.getTypeDecls().get(0);
    TreePath path = new TreePath(new TreePath(unit), type);
    return List.<Tree>ofAll(type.getMembers())
        .filter(MethodTree.class::isInstance)
        .map(MethodTree.class::cast)
        .filter(VerbHelpTest::isWord)
        .map(method -> word(type, method, docs.getDocCommentTree(new TreePath(path, method))));
  }

  /** What a detached term overrides, to give a detached one. */
  private static Seq<String> keptDetached(CompilationUnitTree unit) {
    ClassTree type = (ClassTree) unit.getTypeDecls().get(0);
    return List.<Tree>ofAll(type.getMembers())
        .filter(member -> type.getSimpleName().contentEquals("Detached"))
        .filter(MethodTree.class::isInstance)
        .map(MethodTree.class::cast)
        .filter(method -> !method.getModifiers().getAnnotations().isEmpty())
        .map(method -> method.getName().toString());
  }

  private static boolean isWord(MethodTree method) {
    return method.getModifiers().getFlags().contains(Modifier.PUBLIC)
        && method.getReturnType() != null
        && TYPES.contains(bare(method.getReturnType().toString()))
        && List.ofAll(method.getParameters())
            .forAll(one -> isArgument(bare(one.getType().toString())))
        && method.getModifiers().getAnnotations().isEmpty();
  }

  private static boolean isArgument(String type) {
    return TYPES.contains(type) || List.of("double", "int", "String", "String[]").contains(type);
  }

  private static String bare(String type) {
    return type.replaceAll("<.*", "");
  }

  private static Word word(
      ClassTree type, MethodTree method, @org.jspecify.annotations.Nullable DocCommentTree doc) {
    String owner = type.getSimpleName().toString();
    String of =
        owner.equals("Terms")
            ? ""
            : owner
                + (method.getModifiers().getFlags().contains(Modifier.STATIC)
                    ? ""
                    : type.getTypeParameters().isEmpty()
                        ? ""
                        : "<"
                            + List.ofAll(type.getTypeParameters())
                                .map(p -> p.getName().toString())
                                .mkString(", ")
                            + ">")
                + ".";
    String signature =
        of
            + method.getName()
            + "("
            + List.ofAll(method.getParameters())
                .map(p -> p.getType().toString() + " " + p.getName())
                .mkString(", ")
            + ") -> "
            + method.getReturnType();
    String arguments =
        List.ofAll(method.getParameters()).map(VerbHelpTest::argument).mkString(", ");
    return new Word(
        method.getName().toString(),
        signature,
        doc == null ? "" : plain(doc.toString()),
        owner,
        RECEIVERS.get(owner).get() + method.getName() + "(" + arguments + ")");
  }

  private static String argument(VariableTree parameter) {
    return switch (parameter.getType().toString()) {
      case "Term<L>", "Term<Token>" -> "entropy()";
      case "Detached<L>", "Detached<Token>" -> "A";
      case "Term<Vocabulary>" -> "logPi()";
      case "Detached<Vocabulary>" -> "referenceLogPi()";
      case "Term<Batch>" -> "r.mean(ALL_TOKENS)";
      case "Detached<Batch>", "Detached<T>" -> "constant(0.5, Axis.BATCH)";
      case "Over<L, T>", "Over<F, T>" -> "ALL_TOKENS";
      case "Axis<L>", "Axis<F>" -> "Axis.TOKEN";
      case "Condition<L>", "Condition<F>" -> "A.positive()";
      case "Clip" -> "Clip.around(0.2, 0.28)";
      case "Parameter" -> "parameter(\"" + parameter.getName() + "\", 0.1, 0, 1)";
      case "Loss" -> "maximise(r.times(A).mean(ALL_TOKENS))";
      case "double" ->
          parameter.getName().contentEquals("low")
              ? "0"
              : parameter.getName().contentEquals("high") ? "1" : "0.5";
      case "int" -> "1";
      default -> "\"" + parameter.getName() + "\"";
    };
  }

  /** A comment without the marks of Javadoc. */
  private static String plain(String doc) {
    String text =
        ESCAPED
            .matcher(doc)
            .replaceAll(one -> String.valueOf((char) Integer.parseInt(one.group(1), 16)));
    return unbraced(text)
        .replaceAll("@param <\\w+> [^\\n]*\\n?", "")
        .replaceAll("@param (\\w+) ", "$1: ")
        .replaceAll("@throws (\\w+) ", "refused ")
        .replaceAll("@return ", "gives ")
        .replaceAll("<p>", "")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replaceAll("\\n +", " ")
        .replaceAll("\\n+ *", "\n")
        .strip();
  }

  /** Inline tags as what is in them; of a link what is behind its class. */
  private static String unbraced(String text) {
    StringBuilder plain = new StringBuilder();
    Matcher tag = TAG.matcher(text);
    int at = 0;
    int open = 0;
    while (at < text.length()) {
      if (tag.region(at, text.length()).lookingAt()) {
        at = tag.end();
        open++;
      } else if (text.charAt(at) == '}' && open > 0) {
        at++;
        open--;
      } else {
        plain.append(text.charAt(at++));
      }
    }
    return plain.toString();
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

package lossmith.objective;

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
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A word of the algebra as its source has it, with an example.
 *
 * @param name the word
 * @param signature what it takes and gives
 * @param doc its Javadoc as plain text
 * @param owner the class that it is in
 * @param example a call of it
 */
record DocumentedWord(String name, String signature, String doc, String owner, String example) {
  private static final Path SOURCES = Path.of("..", "dsl/src/main/java/lossmith/dsl");
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

  private static final Pattern ESCAPED = Pattern.compile("\\\\u([0-9a-f]{4})");
  private static final Pattern TAG = Pattern.compile("\\{@\\w+\\s+(?:\\w*#)?");

  private DocumentedWord keeping(Set<String> detached) {
    return owner.equals("Term") && detached.contains(name)
        ? new DocumentedWord(
            name, signature, doc + "\na detached term gives a detached one", owner, example)
        : this;
  }

  /** Every word of the sources of the algebra. */
  static Seq<DocumentedWord> all() throws IOException {
    try (StandardJavaFileManager files =
        ToolProvider.getSystemJavaCompiler()
            .getStandardFileManager(null, Locale.ROOT, java.nio.charset.StandardCharsets.UTF_8)) {
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
      Set<String> kept = units.flatMap(DocumentedWord::keptDetached).toSet();
      return units.flatMap(unit -> words(docs, unit)).map(word -> word.keeping(kept));
    }
  }

  private static Seq<DocumentedWord> words(DocTrees docs, CompilationUnitTree unit) {
    ClassTree type = (ClassTree) unit.getTypeDecls().get(0);
    TreePath path = new TreePath(new TreePath(unit), type);
    return List.<Tree>ofAll(type.getMembers())
        .filter(MethodTree.class::isInstance)
        .map(MethodTree.class::cast)
        .filter(DocumentedWord::isWord)
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

  private static DocumentedWord word(
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
        List.ofAll(method.getParameters()).map(DocumentedWord::argument).mkString(", ");
    return new DocumentedWord(
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
}

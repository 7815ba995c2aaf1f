package lossmith.explain;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;
import org.jspecify.annotations.Nullable;

/** A text as the compiler read it: its tree, the types of what could be typed, its errors. */
final class Attributed {
  private final Framed text;
  private final CompilationUnitTree unit;
  private final Trees trees;
  private final Types types;
  private final Elements elements;
  private final Seq<Diagnostic<? extends JavaFileObject>> errors;

  Attributed(
      Framed text,
      JavacTask task,
      CompilationUnitTree unit,
      Seq<Diagnostic<? extends JavaFileObject>> errors) {
    this.text = text;
    this.unit = unit;
    this.trees = Trees.instance(task);
    this.types = task.getTypes();
    this.elements = task.getElements();
    this.errors = errors;
  }

  Framed text() {
    return text;
  }

  Seq<Diagnostic<? extends JavaFileObject>> errors() {
    return errors;
  }

  Types types() {
    return types;
  }

  Elements elements() {
    return elements;
  }

  Trees trees() {
    return trees;
  }

  /** What is imported whole: packages, and classes whose static members are. */
  Seq<String> imported(boolean statics) {
    return List.ofAll(unit.getImports())
        .filter(one -> one.isStatic() == statics)
        .map(ImportTree::getQualifiedIdentifier)
        .map(Tree::toString)
        .filter(name -> name.endsWith(".*"))
        .map(name -> name.substring(0, name.length() - 2));
  }

  int start(Tree tree) {
    return text.own(positions().getStartPosition(unit, tree));
  }

  int end(Tree tree) {
    return text.own(positions().getEndPosition(unit, tree));
  }

  /** What was written there. */
  String written(Tree tree) {
    return text.text().substring(start(tree), Math.max(start(tree), end(tree)));
  }

  /** What was written there, in brackets if a dot and a verb could not be added to it. */
  String bracketed(TreePath path) {
    Tree tree = path.getLeaf();
    boolean simple =
        tree instanceof MethodInvocationTree
            || tree instanceof IdentifierTree
            || tree instanceof MemberSelectTree
            || tree instanceof LiteralTree
            || tree instanceof ParenthesizedTree
            || tree.getKind() == Tree.Kind.UNARY_MINUS;
    return simple ? written(tree) : "(" + written(tree) + ")";
  }

  /** What an expression is, also where its place asks for something else. */
  Shape shape(TreePath path) {
    Shape typed = Shape.of(trees.getTypeMirror(path));
    if (typed.sort() != Shape.Sort.UNKNOWN) {
      return typed;
    }
    if (path.getLeaf() instanceof MethodInvocationTree call) {
      TypeMirror called = trees.getTypeMirror(new TreePath(path, call.getMethodSelect()));
      return called instanceof ExecutableType method
          ? Shape.of(method.getReturnType())
          : reduced(path, call);
    }
    return path.getLeaf() instanceof IdentifierTree
        ? element(path).map(one -> Shape.of(one.asType())).getOrElse(typed)
        : typed;
  }

  /** A reduction in a place that asks for no term: the compiler then gives it no type. */
  private Shape reduced(TreePath path, MethodInvocationTree call) {
    Seq<TreePath> arguments = List.ofAll(call.getArguments()).map(one -> new TreePath(path, one));
    return element(path)
        .filter(ExecutableElement.class::isInstance)
        .map(one -> Shape.of(((ExecutableElement) one).getReturnType()))
        .filter(gives -> gives.sort().isTerm() && gives.variable().isDefined())
        .flatMap(gives -> arguments.headOption().map(over -> gives.at(shape(over).to())))
        .getOrElse(Shape::unknown);
  }

  Option<Element> element(TreePath path) {
    return Option.of(trees.getElement(path));
  }

  /** Whether the call or the expression that holds some letters of the text has a type. */
  boolean isTyped(int start, int end) {
    long from = text.before().length();
    Option<TreePath> held = at(from + start, from + end);
    return held.map(path -> MistakeFinder.isVerb(path) ? path.getParentPath() : path)
        .exists(path -> shape(path).sort() != Shape.Sort.UNKNOWN);
  }

  private SourcePositions positions() {
    return trees.getSourcePositions();
  }

  /** The smallest tree that holds all letters of a place. */
  Option<TreePath> at(long start, long end) {
    Smallest smallest = new Smallest(start, end);
    smallest.scan(new TreePath(unit), null);
    return Option.of(smallest.found);
  }

  private final class Smallest extends TreePathScanner<Void, Void> {
    private final long start;
    private final long end;
    private @Nullable TreePath found;

    private Smallest(long start, long end) {
      this.start = start;
      this.end = end;
    }

    @Override
    public Void scan(Tree tree, Void nothing) {
      if (tree != null
          && positions().getStartPosition(unit, tree) <= start
          && positions().getEndPosition(unit, tree) >= end) {
        found = new TreePath(getCurrentPath(), tree);
      }
      return super.scan(tree, null);
    }
  }
}

package lossmith.explain;

import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.explain.Shape.Sort;

/** Expressions that are not what the place asks for in which they stand. */
final class Contexts {
  private final Attributed read;
  private final Ways ways;

  Contexts(Attributed read) {
    this.read = read;
    this.ways = new Ways(new Names(read.imported(true)));
  }

  Option<Mistake> of(TreePath path) {
    TreePath parent = path.getParentPath();
    if (parent == null) {
      return Option.none();
    }
    if (parent.getLeaf() instanceof VariableTree variable
        && variable.getInitializer() == path.getLeaf()) {
      Shape asked = read.shape(new TreePath(parent, variable.getType()));
      return Option.some(
          misfit(path, asked, variable.getName().toString(), declared(variable, path)));
    }
    if (parent.getLeaf() instanceof ReturnTree) {
      return returned(path);
    }
    return parent.getLeaf() instanceof ConditionalExpressionTree choice
            && choice.getCondition() == path.getLeaf()
        ? Option.some(chosen(parent, choice))
        : Option.none();
  }

  /** The type that the variable could have. */
  private Seq<Suggestion> declared(VariableTree variable, TreePath path) {
    Shape given = read.shape(path);
    return given.sort() == Sort.UNKNOWN
        ? List.empty()
        : List.of(
            Suggestion.of(
                read.start(variable.getType()),
                read.end(variable.getType()),
                given.name(),
                "a variable of what it is"));
  }

  private Option<Mistake> returned(TreePath path) {
    for (TreePath around = path; around != null; around = around.getParentPath()) {
      if (around.getLeaf() instanceof MethodTree method && method.getReturnType() != null) {
        Shape asked = read.shape(new TreePath(around, method.getReturnType()));
        return Option.some(misfit(path, asked, method.getName().toString(), List.empty()));
      }
    }
    return Option.none();
  }

  private Mistake misfit(TreePath path, Shape asked, String place, Seq<Suggestion> others) {
    Tree tree = path.getLeaf();
    Shape given = read.shape(path);
    Seq<Suggestion> made =
        ways.of(read.bracketed(path), given, asked, place)
            .map(way -> Suggestion.of(read.start(tree), read.end(tree), way.text(), way.meaning()));
    return new Mistake(
        read.start(tree),
        read.end(tree),
        read.written(tree) + " is " + given.words(),
        asked.asked() + Why.of(asked, given),
        made.appendAll(others));
  }

  /** A choice by {@code ?}, which takes a boolean of Java. */
  private Mistake chosen(TreePath path, ConditionalExpressionTree choice) {
    Shape by = read.shape(new TreePath(path, choice.getCondition()));
    String text =
        new Names(read.imported(true)).word("select(")
            + read.written(choice.getCondition())
            + ", "
            + read.written(choice.getTrueExpression())
            + ", "
            + read.written(choice.getFalseExpression())
            + ")";
    return new Mistake(
        read.start(choice),
        read.end(choice),
        (by.sort() == Sort.UNKNOWN ? read.written(choice.getCondition()) : by.name())
            + ", a yes or no for each element, is no boolean of Java",
        "select, which chooses element by element",
        List.of(Suggestion.of(read.start(choice), read.end(choice), text, "")));
  }
}

package lossmith.explain;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.UnaryTree;
import com.sun.source.util.TreePath;
import io.vavr.collection.List;
import io.vavr.control.Option;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;

/** What kind of mistake an error of the compiler is. */
final class MistakeFinder {
  private final Attributed read;

  MistakeFinder(Attributed read) {
    this.read = read;
  }

  Mistake of(Diagnostic<? extends JavaFileObject> error) {
    return typed(error).getOrElse(() -> other(error));
  }

  private Option<Mistake> typed(Diagnostic<? extends JavaFileObject> error) {
    Option<TreePath> path = read.at(error.getStartPosition(), error.getEndPosition());
    if (error.getCode().startsWith("compiler.err.cant.resolve")
        || error.getCode().equals("compiler.err.cant.deref")) {
      return path.flatMap(new Unknowns(read)::of);
    }
    if (path.exists(
            one -> one.getLeaf() instanceof BinaryTree || one.getLeaf() instanceof UnaryTree)
        && error.getCode().startsWith("compiler.err.operator")) {
      return path.flatMap(new Operators(read)::of);
    }
    return error.getCode().startsWith("compiler.err.cant.apply")
            || error.getCode().equals("compiler.err.prob.found.req")
        ? path.flatMap(this::misfit)
        : Option.none();
  }

  /** A call that takes something else, or a place that asks for something else than it is given. */
  private Option<Mistake> misfit(TreePath at) {
    TreePath path = isVerb(at) ? at.getParentPath() : at;
    Option<Mistake> own = called(path);
    if (own.isDefined() || path.getParentPath() == null) {
      return own;
    }
    TreePath around = path.getParentPath();
    return around.getLeaf() instanceof ParenthesizedTree
        ? misfit(around)
        : called(around).orElse(() -> new Contexts(read).of(path));
  }

  private Option<Mistake> called(TreePath path) {
    return path.getLeaf() instanceof MethodInvocationTree
        ? new Calls(read).of(path)
        : Option.none();
  }

  /** Whether it is what a call is made with: the name, with what stands before it. */
  static boolean isVerb(TreePath path) {
    return path.getParentPath() != null
        && path.getParentPath().getLeaf() instanceof MethodInvocationTree call
        && call.getMethodSelect() == path.getLeaf();
  }

  private Mistake other(Diagnostic<? extends JavaFileObject> error) {
    return isSyntax(error)
        ? Syntax.of(read.text(), error)
        : new Mistake(
            read.text().own(error.getStartPosition()),
            read.text().own(error.getEndPosition()),
            "This does not compile",
            Syntax.said(error),
            List.empty());
  }

  /** Whether a text is no Java at all, so that nothing of it has a type. */
  static boolean isSyntax(Diagnostic<? extends JavaFileObject> error) {
    return List.of(
            "expected", "illegal", "premature", "unclosed", "not.stmt", "empty.char", "orphaned")
        .exists(word -> error.getCode().startsWith("compiler.err." + word));
  }
}

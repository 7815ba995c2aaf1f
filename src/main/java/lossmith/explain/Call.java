package lossmith.explain;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.util.TreePath;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import javax.lang.model.element.TypeElement;

/**
 * A call, taken apart.
 *
 * @param path all of it
 * @param name what is called
 * @param nameStart where its name stands
 * @param receiver what it is called on
 * @param arguments what it is given
 * @param shapes what these are
 */
record Call(
    TreePath path,
    String name,
    int nameStart,
    Option<TreePath> receiver,
    Seq<TreePath> arguments,
    Seq<Shape> shapes) {
  static Call of(Attributed read, TreePath path) {
    MethodInvocationTree tree = (MethodInvocationTree) path.getLeaf();
    ExpressionTree select = tree.getMethodSelect();
    TreePath selected = new TreePath(path, select);
    Seq<TreePath> arguments =
        List.ofAll(tree.getArguments()).map(argument -> new TreePath(path, argument));
    String name =
        select instanceof MemberSelectTree member
            ? member.getIdentifier().toString()
            : select.toString();
    return new Call(
        path,
        name,
        read.end(select) - name.length(),
        select instanceof MemberSelectTree member
            ? Option.some(new TreePath(selected, member.getExpression()))
            : Option.none(),
        arguments,
        arguments.map(read::shape));
  }

  /** What is called, with the type that it is called on. */
  String subject(Attributed read) {
    return name
        + receiver
            .filter(one -> read.element(one).filter(TypeElement.class::isInstance).isEmpty())
            .map(one -> " of " + read.shape(one).name())
            .getOrElse("");
  }
}

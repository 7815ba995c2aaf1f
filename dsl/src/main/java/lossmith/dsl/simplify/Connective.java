package lossmith.dsl.simplify;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.Function;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;

/**
 * The rules of conditions joined by "and" ({@code all}) or by "or". Each law holds for both: for
 * "or" with the connectives exchanged, true for false, and p does not hold where p is asked for.
 */
public final class Connective {
  static final Seq<Rule<?>> RULES =
      List.of(
          rule("p ∧ p = p", Connective::once),
          rule("p ∧ (q ∧ r) = (p ∧ q) ∧ r", Connective::leftFirst),
          rule("(p ∨ q) ∧ (p ∨ r) = p ∨ (q ∧ r)", Connective::taken),
          each("p ∧ q = false, if q does not hold where p does", Connective::decided),
          each("p ∧ q = p, if q holds where p does", Connective::implied),
          each("p ∧ (q ∨ r) = p ∧ r, if q does not hold where p does", Connective::open),
          each("p ∧ q = p ∧ r, r being what p makes of q where it holds", Connective::within));

  private final Simplify s;
  private final boolean all;
  private final Node.Logic node;
  private final List<Node> parts;

  private Connective(Simplify s, Node.Logic node) {
    this.s = s;
    this.all = node.all();
    this.node = node;
    this.parts = parts(all, node);
  }

  private static Rule<?> rule(String law, Function<Connective, Option<Node>> rewriting) {
    return new Rule<>(Node.Logic.class, law, (s, node) -> rewriting.apply(new Connective(s, node)));
  }

  /** What a rule makes of the whole, looking at one part in the face of the others. */
  private interface OfPart {
    Option<Node> of(Connective joined, int i);
  }

  /** A rule that looks at the last part first. */
  private static Rule<?> each(String law, OfPart rewriting) {
    return rule(
        law,
        joined ->
            List.rangeClosed(1, joined.parts.size())
                .reverse()
                .toStream()
                .flatMap(i -> rewriting.of(joined, i - 1))
                .headOption());
  }

  private Option<Node> once() {
    List<Node> distinct = parts.distinct();
    return Option.when(distinct.size() < parts.size(), () -> joined(all, distinct));
  }

  private Option<Node> leftFirst() {
    return Option.when(parts(all, node.right()).size() > 1, () -> joined(all, parts));
  }

  /** What two parts share taken out of both. */
  private Option<Node> taken() {
    for (int i = 0; i < parts.size(); i++) {
      for (int j = i + 1; j < parts.size(); j++) {
        List<Node> one = parts(!all, parts.get(i));
        List<Node> other = parts(!all, parts.get(j));
        List<Node> shared = one.filter(other::contains);
        if (shared.nonEmpty()) {
          Node rest =
              joined(
                  all,
                  List.of(
                      chain(!all, one.removeAll(shared)), chain(!all, other.removeAll(shared))));
          return Option.some(
              joined(all, parts.removeAt(j).update(i, joined(!all, shared.append(rest)))));
        }
      }
    }
    return Option.none();
  }

  private Option<Node> decided(int i) {
    return Option.when(adds(facts(i), parts.get(i), false), () -> s.truth(!all, node.level()));
  }

  private Option<Node> implied(int i) {
    return Option.when(adds(facts(i), parts.get(i), true), () -> joined(all, parts.removeAt(i)));
  }

  private Option<Node> open(int i) {
    List<Node> inner = parts(!all, parts.get(i));
    Facts known = facts(i);
    List<Node> open = inner.reject(one -> adds(known, one, false));
    return Option.when(
        open.size() < inner.size(), () -> joined(all, parts.update(i, chain(!all, open))));
  }

  private Option<Node> within(int i) {
    Node simpler = all ? facts(i).within(s::simple, parts.get(i)) : parts.get(i);
    return Option.when(simpler != parts.get(i), () -> joined(all, parts.update(i, simpler)));
  }

  /** What is known where a part decides. */
  private Facts facts(int i) {
    List<Node> others = parts.removeAt(i);
    return Facts.of(all ? others : others.map(s::not));
  }

  /**
   * Whether a part is known to be what "and" (true) or "or" (false) may leave out, or the other.
   */
  private boolean adds(Facts known, Node part, boolean nothing) {
    return nothing == all ? known.tell(part) : known.refute(part);
  }

  private Node joined(boolean both, List<Node> conditions) {
    Node chain = chain(both, conditions.flatMap(part -> parts(both, part)));
    return chain instanceof Node.Logic ? s.simple(chain) : chain;
  }

  private Node chain(boolean both, List<Node> conditions) {
    return conditions
        .reduceLeftOption((x, y) -> s.intern(Nodes.logic(both, x, y)))
        .getOrElse(() -> s.truth(both, node.level()));
  }

  /** What a condition joins by "and", or by "or": itself where it joins nothing in that way. */
  public static List<Node> parts(boolean all, Node node) {
    return node instanceof Node.Logic logic && logic.all() == all
        ? parts(all, logic.left()).appendAll(parts(all, logic.right()))
        : List.of(node);
  }
}
